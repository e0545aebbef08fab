import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

// A server in a process of its own whose answers are made before it is asked; `preparedServer.ts` starts it.

const [, , file = ''] = process.argv;
const texts = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
const answers = new Map<string, Buffer>();
let asked: string[] = [];

const server = http.createServer((request, response) => {
  request.resume();
  const url = request.url ?? '';
  if (url === '/bench/asked') {
    response.end(JSON.stringify(asked));
    asked = [];
    return;
  }
  asked.push(url);
  const body = answers.get(url);
  response.writeHead(body === undefined ? 404 : 200, {
    'Content-Type': 'application/json;charset=utf-8',
    'Content-Length': body?.length ?? 0,
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  for (const [path, text] of texts) {
    answers.set(path, Buffer.from(text.replaceAll('{origin}', origin)));
  }
  process.stdout.write(`${origin}\n`);
});
