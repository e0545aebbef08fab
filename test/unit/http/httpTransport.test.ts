import assert from 'node:assert/strict';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { Cancelled, KeystoreError, type ErrorCode } from '../../../src/errors.js';
import type { HttpAnswer, HttpRequest, RequestLine } from '../../../src/http/httpMessages.js';
import { HttpTransport } from '../../../src/http/httpTransport.js';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

describe('HttpTransport', () => {
  let server: http.Server;
  let handler: Handler;
  let url: string;
  let received: number;
  let lines: RequestLine[];
  let timeoutMs: number;
  const transport = new HttpTransport({ timeoutMs: () => timeoutMs, log: (line) => lines.push(line) });

  beforeEach(async () => {
    received = 0;
    lines = [];
    timeoutMs = 10_000;
    server = http.createServer((request, response) => {
      received++;
      handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const request = (over: Partial<HttpRequest> = {}): Promise<HttpAnswer> =>
    transport.request({
      kind: 'read',
      method: 'GET',
      url: `${url}/api/v1/x?secret=query`,
      headers: {},
      signal: new AbortController().signal,
      ...over,
    });
  const failure = async (answer: Promise<HttpAnswer>): Promise<KeystoreError> => {
    try {
      await answer;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      return error;
    }
    assert.fail('an answer came');
  };
  const write = { kind: 'write', method: 'PUT' } as const;

  it('answers with any status, its headers and its bytes', async () => {
    handler = (_, response) => response.writeHead(418, { 'X-A': 'b' }).end(Buffer.from([0, 255, 10]));
    const answer = await request();
    assert.equal(answer.status, 418);
    assert.equal(answer.headers['x-a'], 'b');
    assert.deepEqual([...answer.body], [0, 255, 10]);
  });

  it('sends method, path, query, its own headers and the body as they are', async () => {
    let seen: unknown;
    handler = (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method, url: path, headers } = incoming;
        seen = {
          method,
          path,
          body: Buffer.concat(chunks).toString('hex'),
          type: headers['content-type'],
          a: headers['x-a'],
          length: headers['content-length'],
        };
        response.end();
      });
    };
    const body = new Uint8Array([9, 0, 255, 9]).subarray(1, 3);
    await request({
      ...write,
      url: `${url}/a('6F')/$value?x=1;%2F&y='`,
      headers: { 'X-A': 'ä'.normalize('NFD').slice(0, 1) },
      body,
    });
    assert.deepEqual(seen, {
      method: 'PUT',
      path: "/a('6F')/$value?x=1;%2F&y=%27",
      body: '00ff',
      type: undefined,
      a: 'a',
      length: '2',
    });
  });

  it('says that a body of a POST is empty', async () => {
    let length: string | undefined;
    handler = (incoming, response) => {
      length = incoming.headers['content-length'];
      response.end();
    };
    await request({ method: 'POST' });
    assert.equal(length, '0');
  });

  it('follows no redirect', async () => {
    handler = (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end();
    assert.equal((await request()).status, 302);
    assert.equal(received, 1);
  });

  it('unpacks compressed answers', async () => {
    handler = (_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(zlib.gzipSync('{"a":1}'));
    assert.equal((await request()).body.toString(), '{"a":1}');
  });

  it('logs method, host, path, status and time, but no query', async () => {
    handler = (_, response) => response.writeHead(204).end();
    await request();
    const [line] = lines;
    assert.ok(line !== undefined);
    assert.equal(lines.length, 1);
    assert.equal(typeof line.milliseconds, 'number');
    assert.deepEqual(
      { ...line, milliseconds: 0 },
      {
        method: 'GET',
        host: new URL(url).host,
        path: '/api/v1/x',
        status: 204,
        milliseconds: 0,
        failure: undefined,
      },
    );
  });

  describe('when no answer comes', () => {
    const endless = zlib.gzipSync(Buffer.alloc(33 * 1024 * 1024));
    const silent: Handler = () => {};
    const dropping: Handler = (incoming) => incoming.socket.destroy();
    const cases: readonly (readonly [string, Handler, ErrorCode])[] = [
      ['the server is silent', silent, 'timeout'],
      ['the server drops the connection', dropping, 'offline'],
      [
        'the connection breaks within the body',
        (_, response) => {
          response.writeHead(200, { 'Content-Length': '100' });
          response.write('{"d":');
          setImmediate(() => response.socket?.destroySoon());
        },
        'offline',
      ],
      [
        'the body falls silent',
        (_, response) => {
          response.writeHead(200, { 'Content-Length': '100' });
          response.write('{"d":');
        },
        'timeout',
      ],
      ['the server speaks no HTTP', (incoming) => incoming.socket.end('SSH-2.0-x\r\n\r\n'), 'bad-answer'],
      [
        'the compression is damaged',
        (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip'),
        'bad-answer',
      ],
      [
        'the answer is endless',
        (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(endless),
        'bad-answer',
      ],
    ];
    for (const [name, fault, code] of cases) {
      it(`is ${code} for a read where ${name}`, async () => {
        handler = fault;
        timeoutMs = /silent/.test(name) ? 300 : timeoutMs;
        const error = await failure(request());
        assert.equal(error.code, code, error.message);
        assert.equal(error.details['performed'], undefined);
        assert.equal(lines.at(-1)?.failure, code);
      });

      it(`is answer-lost for a write where ${name}, and the write goes out once`, async () => {
        handler = fault;
        timeoutMs = /silent/.test(name) ? 300 : timeoutMs;
        const error = await failure(request(write));
        assert.equal(error.code, 'answer-lost', error.message);
        assert.equal(received, 1);
        assert.equal(lines.length, 1);
      });
    }

    it('lets a slow but steady answer through, whatever its length in time', async () => {
      timeoutMs = 500;
      handler = (_, response) => {
        response.writeHead(200);
        let count = 0;
        const timer = setInterval(() => {
          response.write('x');
          if (++count === 6) {
            clearInterval(timer);
            response.end();
          }
        }, 100);
      };
      assert.equal((await request()).body.toString(), 'xxxxxx');
    });

    it('is offline and not performed for a write that met no server', async () => {
      server.close();
      const error = await failure(request(write));
      assert.equal(error.code, 'offline');
      assert.equal(error.details['performed'], 'no');
      assert.equal(error.details['reason'], 'ECONNREFUSED');
      assert.equal(error.details['host'], new URL(url).host);
    });

    it('is offline and not performed for a name that nobody knows', async () => {
      const unknown = new HttpTransport({
        timeoutMs: () => 1000,
        log: () => {},
        lookup: (_hostname, _options, callback) =>
          callback(Object.assign(new Error('getaddrinfo ENOTFOUND t.example'), { code: 'ENOTFOUND' }), []),
      });
      const error = await failure(
        unknown.request({
          ...write,
          url: 'https://t.example/',
          headers: {},
          signal: new AbortController().signal,
        }),
      );
      assert.deepEqual(
        [error.code, error.details['reason'], error.details['performed']],
        ['offline', 'ENOTFOUND', 'no'],
      );
    });

    it('is offline and not performed for a server that speaks no TLS', async () => {
      const error = await failure(request({ ...write, url: url.replace('http:', 'https:') }));
      assert.deepEqual([error.code, error.details['performed']], ['offline', 'no']);
      assert.equal(received, 0);
    });

    it('is timeout and not performed for a write whose TLS handshake hangs', async () => {
      timeoutMs = 300;
      const mute = net.createServer(() => {});
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const error = await failure(
        request({ ...write, url: `https://127.0.0.1:${(mute.address() as AddressInfo).port}/` }),
      );
      mute.close();
      assert.deepEqual([error.code, error.details['performed']], ['timeout', 'no']);
    });
  });

  describe('when the person cancels', () => {
    it('is Cancelled before anything was sent', async () => {
      await assert.rejects(request({ ...write, signal: AbortSignal.abort() }), Cancelled);
      assert.equal(received, 0);
    });

    it('is Cancelled for a read under way', async () => {
      const abortion = new AbortController();
      handler = () => abortion.abort();
      await assert.rejects(request({ signal: abortion.signal }), Cancelled);
      assert.equal(lines.at(-1)?.failure, 'cancelled');
    });

    it('is answer-lost and marked for a write under way', async () => {
      const abortion = new AbortController();
      handler = () => abortion.abort();
      const error = await failure(request({ ...write, signal: abortion.signal }));
      assert.equal(error.code, 'answer-lost');
      assert.equal(error.details['cancelled'], true);
      assert.equal(received, 1);
    });

    it('leaves no listener on the signal', async () => {
      const abortion = new AbortController();
      let listeners = 0;
      const { signal } = abortion;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => {
        listeners++;
        add(...args);
      };
      signal.removeEventListener = (...args: Parameters<typeof remove>) => {
        listeners--;
        remove(...args);
      };
      handler = (_, response) => response.end();
      await request({ signal });
      assert.equal(listeners, 0);
    });
  });

  describe('on a connection kept from an earlier request', () => {
    const closingOnReuse = (): Handler => {
      const served = new WeakSet<net.Socket>();
      return (incoming, response) => {
        if (served.has(incoming.socket)) {
          incoming.socket.destroy();
          return;
        }
        served.add(incoming.socket);
        response.end('ok');
      };
    };

    it('tries a read anew where the server had closed it', async () => {
      handler = closingOnReuse();
      await request();
      assert.equal((await request()).body.toString(), 'ok');
      assert.equal(received, 3);
    });

    it('never tries a write anew', async () => {
      handler = closingOnReuse();
      await request();
      assert.equal((await failure(request(write))).code, 'answer-lost');
      assert.equal(received, 2);
    });
  });
});
