// Evidence as the files of a folder.

import type { ProvedEvidence } from '@selfsame/core'
import { checkScript } from './evidence-check.js'
import { readmeOf } from './evidence-readme.js'

/**
 * What goes into an evidence folder beside the evidence: the signed checkpoint, the public key as a line
 * and in PEM, and the explanation as a text.
 */
export interface EvidenceExtras {
  readonly checkpoint: string
  readonly keyLine: string
  readonly keyPem: string
  readonly explanation: string
}

/**
 * The files of an evidence folder, by their paths in it. `check.py` among them needs Python 3 and
 * openssl, and nothing of ours.
 */
export const evidenceFiles = (
  { evidence, proofs }: ProvedEvidence,
  { checkpoint, keyLine, keyPem, explanation }: EvidenceExtras,
): Readonly<Record<string, string>> => ({
  'README.md': readmeOf(evidence, keyLine),
  'check.py': checkScript,
  checkpoint,
  'evidence.json': `${JSON.stringify(evidence, null, 2)}\n`,
  'explanation.txt': explanation,
  'public-key.pem': keyPem,
  'public-key.txt': `${keyLine}\n`,
  ...Object.fromEntries(proofs.map(({ position, file }) => [proofPath(position), file])),
})

const proofPath = (position: number): string => `proofs/${position}.tlog-proof`
