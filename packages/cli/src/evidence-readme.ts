// The README of an evidence folder, for somebody who was handed it and has none of our code.

import type { Evidence } from '@selfsame/core'

export const readmeOf = (evidence: Evidence, keyLine: string): string => {
  const { userId, log, size, events, erasedAt } = evidence
  const boxes = events.flatMap((event) => event.boxes.map(({ closed }) => closed))
  const count = (is: string | null): number => boxes.filter((closed) => closed === is).length
  return `# Evidence of ${userId}

What the log \`${log}\` recorded of one person, as of its first ${size} events:

| | |
| --- | --- |
| person | \`${userId}\` |
| events | ${events.length} |
| boxes of personal values | ${count(null)} opened, ${count('withheld')} withheld, ${count('erased')} erased |

${erasedAt === null ? '' : `${erasedText(erasedAt)}\n\n`}## Check it
1. Ask the operator of the log for its public key, by another way than this folder came, or take the one
   that you kept. It is one line; the folder says that it is

       ${keyLine}

2. Run the script here, with Python 3.8 or newer and openssl 3. It uses nothing but these, reads nothing
   but this folder, and is short enough to be read first:

       python3 check.py '${keyLine}'

   It prints each problem and exits 1, or says that there is none and exits 0. Without the key it
   believes the one in the folder, which whoever made the folder could choose.
3. If you kept a checkpoint of this log, ask for evidence against it (\`selfsame evidence --checkpoint\`), and
   name it after the key: \`python3 check.py KEY CHECKPOINT\`.

The signature alone, with openssl and no script (the last line prints \`Signature Verified Successfully\`):

    sed '/^$/,$d' checkpoint > signed.txt
    sed '1,/^$/d' checkpoint | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature.bin
    openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in signed.txt -sigfile signature.bin

## What is here
| file | is |
| --- | --- |
| \`evidence.json\` | the events with what of them is revealed, and the explanation; \`selfsame schema evidence\` is its JSON Schema |
| \`explanation.txt\` | the explanation to be read. \`check.py\` holds the one in \`evidence.json\` to the events, not this text |
| \`checkpoint\` | what the log was, signed: its name, its size, the root of its Merkle tree ([C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint)) |
| \`proofs/N.tlog-proof\` | that the event at position N stands in that log ([C2SP tlog-proof](https://c2sp.org/tlog-proof)) |
| \`public-key.txt\`, \`public-key.pem\` | the key that signed, in two forms |
| \`check.py\` | the script |

An event has a public part and, where it holds personal values, a box. The log's tree is over the public
part and over SHA-256 of a random salt and the box's content: so an event can be proved while its values
stay closed. Where a box is open, its salt and content are here. The leaf of an event is the canonical
JSON (RFC 8785) of its public part with \`boxes\` as a list of \`owner\` and \`sha256\`; a payload over 60,000
bytes stands in it as \`payloadSha256\`. The tree is that of RFC 6962. There is no key in this folder.

- \`withheld\`: the box holds values of somebody else, for example of a user whose merge into this one was
  undone. The event is proved, its values are not shown.
- \`erased\`: the person whose values it held was erased. Nobody can open it any more.

## What it shows
- Each event stands in the log at its position, as it was recorded: by whom, when, for which command.
- Each open value is the one that was recorded, to the bit.
- Each value in the explanation comes from the events it names, and each merge was settled as it says.

## What it cannot show
- **That these are all events of the person.** The tree proves what is in it, not what was left out here. A
  gap is found where the explanation, a merge or a creation refers to what is missing. An event that
  nothing refers to can be left out of the folder unnoticed. Whoever has a copy of the log can count: it
  needs no key.
- **That the explanation leaves nothing out.** What it says stands on events that are here, and no event
  that is here released or wrote it anew. What it does not mention at all, nobody misses.
- **That the log is the only one.** Whoever has the signing key can sign another log. A checkpoint that
  was kept elsewhere since, or one that witnesses signed (lines under ours), tells.
- **That an event is true.** The log says what was recorded, and when by the clock of the machine.
- **That \`check.py\` is ours.** It came with the folder: read it, or write your own from the formats above.
`
}

const erasedText = (position: number): string =>
  `**This person was erased**, at position ${position} of the log. The events are proved; nothing that was
personal in them is here, and nobody can bring it back: neither we nor the operator.`
