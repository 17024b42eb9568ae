// The script that checks an evidence folder, in Python: it shares no code with ours, and comes with the
// folder. Tests run it as whoever was handed the folder would.

export const checkScript = String.raw`#!/usr/bin/env python3
"""Checks the evidence in this folder. Needs Python 3.8 or newer and openssl 3, and nothing else.

  python3 check.py                    by the public key that lies in the folder
  python3 check.py KEY                by the key line (name+id+key) that you have from elsewhere
  python3 check.py KEY CHECKPOINT     and only if the proofs are against the checkpoint that you kept

KEY and CHECKPOINT may be files. Prints each problem, and exits 1 where there is any.
"""
import base64, hashlib, json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DER = bytes.fromhex('302a300506032b6570032100')
LEAF = ['actor', 'causationId', 'commandId', 'correlationId', 'id', 'occurredAt', 'position',
        'recordedAt', 'schemaVersion', 'type']
KINDS = {'externalUserId': 'externalUserId', 'phones': 'phone', 'emails': 'email'}
FIELDS = {kind: field for field, kind in KINDS.items()}


def sha(*parts): return hashlib.sha256(b''.join(parts)).digest()


def read(*path):
    with open(os.path.join(HERE, *path), encoding='utf-8', newline='') as file: return file.read()


class Number(str):
    """A number as it is written, so that none is rounded."""


def members(pairs):
    if len({name for name, _ in pairs}) < len(pairs): raise ValueError('a name stands twice in an object')
    return dict(pairs)


def refuse(word): raise ValueError(word + ' is no JSON')


def parsed(text):
    return json.loads(text, object_pairs_hook=members, parse_int=Number, parse_float=Number,
                      parse_constant=refuse)


def canonical(value):
    """The canonical text of a JSON value (RFC 8785)."""
    if isinstance(value, Number): return str(value)
    if isinstance(value, list): return '[' + ','.join(map(canonical, value)) + ']'
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode('utf-16-be'))
        return '{' + ','.join(canonical(name) + ':' + canonical(value[name]) for name in names) + '}'
    return json.dumps(value, ensure_ascii=False)


def leaf(event):
    """What the tree hashes of an event: all that is public, and a commitment for each box."""
    parts = {name: event[name] for name in LEAF}
    parts['boxes'] = [{'owner': box['owner'], 'sha256': box['sha256']} for box in event['boxes']]
    payload = canonical(event['payload']).encode()
    if len(payload) > 60000: parts['payloadSha256'] = hashlib.sha256(payload).hexdigest()
    else: parts['payload'] = event['payload']
    return canonical(parts).encode()


def key_in(line):
    name, key_id, encoded = line.strip().split('+', 2)
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 33 or key[0] != 1 or sha(name.encode(), b'\n', key)[:4].hex() != key_id:
        raise ValueError('it is no Ed25519 key in the form name+id+key')
    return name, key


def is_signed(name, key, note):
    """Whether a note (C2SP signed-note) is signed by a key: openssl does the arithmetic."""
    text, _, lines = note.rpartition('\n\n')
    for line in lines.splitlines():
        dash, signer, encoded = line.split(' ')
        raw = base64.b64decode(encoded, validate=True)
        if (dash, signer, raw[:4]) != ('\u2014', name, sha(name.encode(), b'\n', key)[:4]): continue
        with tempfile.TemporaryDirectory() as folder:
            for file, content in (('k', DER + key[1:]), ('t', (text + '\n').encode()), ('s', raw[4:])):
                with open(os.path.join(folder, file), 'wb') as out: out.write(content)
            return subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey',
                'k', '-rawin', '-in', 't', '-sigfile', 's'], cwd=folder, capture_output=True).returncode == 0
    return False


def root_over(index, size, node, path):
    """The root that a path leads to (RFC 9162, 2.1.3.2); None where it is no path."""
    last = size - 1
    for other in path:
        if last == 0: return None
        if index & 1 or index == last:
            node = sha(b'\1', other, node)
            while index and not index & 1: index, last = index >> 1, last >> 1
        else: node = sha(b'\1', node, other)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def proof_of(event, note, size, root):
    position = int(event['position'])
    head, _, checkpoint = read('proofs', f'{position}.tlog-proof').partition('\n\n')
    first, index, *hashes = head.split('\n')
    if first != 'c2sp.org/tlog-proof@v1' or index != f'index {position - 1}':
        yield 'its proof is of another place'
    if checkpoint != note: yield 'its proof is against another checkpoint'
    path = [base64.b64decode(one, validate=True) for one in hashes]
    if not 0 < position <= size or root_over(position - 1, size, sha(b'\0', leaf(event)), path) != root:
        yield 'it does not stand in the log as it stands here'


def boxes_of(event):
    if set(event) != {*LEAF, 'payload', 'boxes'}: yield 'it has more or less than an event has'
    for box in event['boxes']:
        if set(box) != {'owner', 'sha256', 'closed', 'salt', 'content'}: yield 'a box has more than a box has'
        if box['closed'] is None:
            text = canonical(box['content']).encode()
            if sha(bytes.fromhex(box['salt']), text).hex() != box['sha256'] or len(box['salt']) != 64:
                yield 'a value or its salt is not what was recorded'
        elif box['closed'] not in ('erased', 'withheld') or box['salt'] or box['content']:
            yield 'a box is neither open nor closed'


def gave(event, field):
    """What an event gave a user under a field."""
    payload, boxes = event['payload'], event['boxes']
    if field in ('installations', 'primary'):
        moved = [one['pushRegistrationId'] for one in payload.get('installations', [])]
        return [payload.get('pushRegistrationId'), *moved]
    if field == 'type': return [payload.get('userType'), event['type'] == 'ProfilePromoted' and 'CUSTOMER']
    if field in ('createdAt', 'promotedAt'): return [payload.get(field), event['recordedAt']]
    closed = [box['closed'] for box in boxes if box['closed'] is not None]
    contents = [box['content'] for box in boxes if box['closed'] is None]
    if field in KINDS:
        if event['type'] != 'IdentityLinked' or payload['kind'] != KINDS[field]: return []
        return [content['value'] for content in contents] + closed
    values = [content.get('values', {}) for content in contents]
    if field.startswith('tags.'):
        if field[5:] in closed: return [True] + closed
        return [field[5:] in one['tags']['added'] for one in values if 'tags' in one] + closed
    return [one[field] for one in values if field in one] + closed


def parties(payload):
    return {'userId': payload.get('survivorId', payload.get('userId')),
            'other': payload.get('absorbedId', payload.get('fromUserId'))}


def merged(payload):
    moved = [one['pushRegistrationId'] for one in payload['installations']]
    return {**payload, 'installations': moved, 'linked': {'matched': payload['matched'], **payload['identities']}}


def reasons(evidence, events):
    """Whatever the explanation says that the events do not."""
    def stands(said, value, field, *positions):
        missing = [at for at in map(int, positions) if at not in events]
        for at in missing: yield f'{said} names position {at}, which is not here'
        if missing or value is None: return
        given = [canonical(one) for at in positions for one in gave(events[int(at)], field)]
        if canonical(value) not in given: yield f'{said}: no event here gives {canonical(value)}'

    def same(said, told, recorded, *names):
        for name in names:
            if canonical(told[name]) != canonical(recorded[name]): yield f'{said} has another {name}'

    def decided(said, decision, event, field):
        """A decision about a field is the one that the merge recorded, its values those of the events."""
        for side in (decision['chosen'], decision['rejected']):
            if side and side['position']: yield from stands(said, side['value'], field, side['position'])
        kind, fields = event['type'], event['payload'].get('fields', [])
        recorded = [one for one in fields if kind in ('UsersMerged', 'UsersUnmerged') and one['field'] == field]
        is_union = kind == 'UsersMerged' and field.startswith('tags.') and decision['settledBy'] == 'union'
        if not recorded and not is_union: yield f'{said}: nothing was decided at {event["position"]}'
        if 'policy' in decision and kind == 'UsersMerged': yield from same(said, decision, event['payload'], 'policy')
        for one in recorded:
            settled = {'settledBy': 'unmerge', 'chosen': one.get('source'), 'rejected': None, **one}
            yield from same(said, decision, settled, 'settledBy')
            for name in ('chosen', 'rejected'):
                if not decision[name] or not settled[name]: yield from same(said, decision, settled, name)
                else: yield from same(said, decision[name], settled[name], 'userId', 'position')

    for part in ('explanation', 'merges'):
        if evidence[part]: yield from same(f'the {part}', evidence[part], evidence, 'userId', 'position', 'recordedAt')
    for one in (evidence['explanation'] or {'fields': []})['fields']:
        field, said = one['field'], f'the explanation of {one["field"]}'
        positions = [int(link['position']) for link in one['chain']]
        value = True if field.startswith('tags.') else one['value']
        yield from stands(said, value, field, *positions)
        for later in events.values():
            payload = later['payload']
            is_over = field in KINDS and later['type'] == 'IdentityReleased' and int(payload['linked']) in positions
            wrote = payload.get('userId') == evidence['userId'] and field in payload.get('fields', [])
            if is_over or wrote and later['type'] == 'UserAttributesChanged' and \
                    int(later['position']) > max(positions):
                yield f'{said} does not know of position {later["position"]}'
        for link in one['chain'] + one['upheld']:
            yield from stands(said, None, field, link['position'])
            event = events.get(int(link['position']))
            if event is None: continue
            yield from same(said, link, event, 'type', 'recordedAt', 'actor', 'commandId')
            yield from same(said, link, parties(event['payload']), 'userId', 'other')
            if link['decision']: yield from decided(said, link['decision'], event, field)
    for merge in (evidence['merges'] or {'merges': []})['merges']:
        said = f'the merge at {merge["position"]}'
        yield from stands(said, None, '', *filter(None, (merge['position'], merge['undone'])))
        event = events.get(int(merge['position']))
        if event is None: continue
        yield from same(said, merge, event, 'recordedAt', 'actor', 'commandId')
        yield from same(said, merge, merged(event['payload']), 'survivorId', 'absorbedId', 'policy', 'overrides',
                        'dataLeft', 'installations')
        for name, recorded in merged(event['payload'])['linked'].items():
            if [one['linked'] for one in merge[name]] != recorded: yield f'{said} has another {name}'
        undone = [one['position'] for one in events.values() if one['type'] == 'UsersUnmerged'
                  and one['payload']['merged'] == merge['position']]
        if undone != ([merge['undone']] if merge['undone'] else []): yield f'{said} has another undone'
        for one in merge['fields']: yield from decided(said, one, event, one['field'])
        for one in merge['tags']: yield from stands(said, True, 'tags.' + one['tag'], one['position'])
        for one in merge['matched'] + merge['moved'] + merge['released']:
            if one['kind']: yield from stands(said, one['value'], FIELDS[one['kind']], one['linked'])


def people(evidence, events):
    """Whether everyone whom this is about is born, absorbed and erased by an event that is here."""
    def names(at, **payload):
        event = events.get(int(at), {'payload': {}})
        return all(event['payload'].get(name) == value for name, value in payload.items())
    born = {one['payload']['userId'] for one in events.values() if one['type'] == 'UserCreated'}
    for user in [evidence['userId']] + [one['userId'] for one in evidence['absorbed']]:
        if user not in born: yield f'the event that created {user} is not here'
    came = {int(one['from']) for one in evidence['absorbed']}
    for at, one in events.items():
        if one['type'] == 'UsersMerged' and one['payload']['survivorId'] == evidence['userId'] and at not in came:
            yield f'whom the merge at {at} absorbed is not said'
    if evidence['merges'] and came != {int(one['position']) for one in evidence['merges']['merges']}:
        yield 'the merges are not those that absorbed somebody'
    for one in evidence['absorbed']:
        if not names(one['from'], absorbedId=one['userId'], survivorId=one['into']):
            yield f'no event at {one["from"]} merged {one["userId"]}'
        if one['until'] and int(one['until']) not in events: yield f'the event at {one["until"]} is not here'
    erased = evidence['erasedAt']
    if erased and int(erased) <= int(evidence['size']):
        if events.get(int(erased), {'type': ''})['type'] != 'UserErased': yield f'no event at {erased} erased anybody'
    if erased and any(box['closed'] is None for one in events.values() for box in one['boxes']):
        yield 'a value is revealed of somebody erased'


def problems(key_line=None, kept=None):
    name, key = key_in(read('public-key.txt'))
    if key_line is not None and key_in(key_line) != (name, key): yield 'the public key is not yours'
    pem = ''.join(read('public-key.pem').split('\n')[1:-2])
    if base64.b64decode(pem, validate=True) != DER + key[1:]: yield 'public-key.pem is another key'
    note = read('checkpoint')
    if kept is not None and kept != note: yield 'the checkpoint is not yours'
    if not is_signed(name, key, note): yield 'the checkpoint is not signed by this key'
    origin, size, root = note.split('\n')[:3]
    evidence = parsed(read('evidence.json'))
    if (evidence['format'], evidence['version']) != ('selfsame-evidence', '1'): yield 'evidence.json is none'
    if not origin == name == evidence['log'] or not size == evidence['size'] == evidence['position']:
        yield 'the evidence is of another log or size'
    events = {int(event['position']): event for event in evidence['events']}
    if list(events) != sorted(events) or len(events) < len(evidence['events']): yield 'events are out of order'
    for file in set(os.listdir(os.path.join(HERE, 'proofs'))) - {f'{at}.tlog-proof' for at in events}:
        yield f'proofs/{file} belongs to no event'
    for at, event in events.items():
        try:
            for found in [*proof_of(event, note, int(size), base64.b64decode(root)), *boxes_of(event)]:
                yield f'position {at}: {found}'
        except Exception as error: yield f'position {at} cannot be checked: {error}'
    yield from people(evidence, events)
    yield from reasons(evidence, events)


def found_in(*asked):
    try: yield from problems(*asked)
    except Exception as error: yield f'it cannot be read: {type(error).__name__} {error}'


def summary():
    evidence = parsed(read('evidence.json'))
    boxes = [box['closed'] for event in evidence['events'] for box in event['boxes']]
    yield f'no problem: {len(evidence["events"])} events, all of them in {evidence["log"]} of {evidence["size"]} events'
    yield f'boxes: {boxes.count(None)} opened, {boxes.count("withheld")} withheld, {boxes.count("erased")} erased'
    if len(sys.argv) < 2: yield 'by the key in this folder; compare it: ' + read('public-key.txt').strip()


def given(argument): return read(os.path.abspath(argument)) if os.path.isfile(argument) else argument


if __name__ == '__main__':
    sys.stdout.reconfigure(encoding='utf-8', errors='backslashreplace')
    found = list(dict.fromkeys(found_in(*map(given, sys.argv[1:3]))))
    for one in found: print('PROBLEM: ' + ''.join(c if c.isprintable() else '?' for c in one))
    if found: sys.exit(1)
    print('\n'.join(summary()))
`
