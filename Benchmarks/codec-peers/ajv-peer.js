// Messages by JSON.parse and a validator that ajv compiled from what the spec says. Lines on standard input:
// `ajv WORK FILE COUNT`.
'use strict';
const fs = require('fs');
const Ajv = require('ajv');

const uuid = { type: 'string', format: 'uuid' };
const number = { type: 'integer', minimum: 1, maximum: 9007199254740991 };
const time = { type: 'string', format: 'date-time' };
const text = (minLength, maxLength) => ({ type: 'string', minLength, maxLength, pattern: '^[^\\u0000]*$' });
const closed = (required, properties) => ({ type: 'object', additionalProperties: false, required, properties });

const note = closed(['action'], {
  action: { type: 'string', enum: ['member_added', 'member_removed', 'member_left', 'chat_renamed'] },
  user_ids: { type: 'array', minItems: 1, maxItems: 255, items: uuid },
  name: text(1, 100),
});
const message = closed(['id', 'chat_id', 'seq', 'rev', 'sender_id', 'type', 'content', 'created_at'], {
  id: uuid, chat_id: uuid, seq: number, rev: number, sender_id: uuid,
  type: { type: 'string', enum: ['text', 'system'] },
  content: text(0, 4000), system: note, client_id: uuid, edited_at: time, deleted_at: time, created_at: time,
  status: { type: 'string', enum: ['sent', 'delivered', 'read'] },
});
const page = closed(['items', 'rev', 'history'], {
  items: { type: 'array', maxItems: 100, items: message },
  next_cursor: text(1, 1000),
  rev: number,
  history: { type: 'string', minLength: 43, maxLength: 43, pattern: '^[A-Za-z0-9_-]*$' },
});

const ajv = new Ajv({ format: 'full', allErrors: true });
const validators = { message: ajv.compile(message), page: ajv.compile(page) };
const cpuTime = () => { const { user, system } = process.cpuUsage(); return (user + system) * 1000; };

function measure(line) {
  const [, work, path, count] = line.split(' ');
  const bytes = fs.readFileSync(path);
  const validate = validators[path.endsWith('page.json') ? 'page' : 'message'];
  const value = JSON.parse(bytes);
  if (!validate(value)) throw new Error(JSON.stringify(validate.errors));
  const start = cpuTime();
  if (work === 'decode') {
    for (let i = 0; i < Number(count); i++) if (!validate(JSON.parse(bytes.toString()))) throw new Error('refused');
  } else {
    for (let i = 0; i < Number(count); i++) if (Buffer.from(JSON.stringify(value)).length !== bytes.length) throw new Error('another text');
  }
  return `${cpuTime() - start} 0\n`;
}

let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) process.stdout.write(measure(line));
});
