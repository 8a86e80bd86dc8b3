import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** Device pixels per CSS pixel: sharp on today's screens. */
const SCALE = 1.4;
const START_TIMEOUT_MS = 30_000;

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--font-render-hinting=none',
  '--remote-debugging-port=0',
];

interface Reply {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A Chromium without a window, spoken to over its debugging protocol. */
export class Browser implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  #last = 0;

  private constructor(process: ChildProcess, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data)) as Reply));
  }

  /** @throws {Error} naming what to install where there is no Chromium. */
  static async start(): Promise<Browser> {
    const program = PLACES.find((place) => place !== undefined && existsSync(place));
    if (!program) {
      throw new Error(
        'No Chromium was found. Install it ("apt-get install chromium fonts-lato fonts-noto-color-emoji"), or set CHROMIUM to its path.',
      );
    }
    const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
    const child = spawn(program, [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const socket = new WebSocket(await addressOf(child));
    await once(socket, 'open');
    return new Browser(child, folder, socket);
  }

  /** What the first element of the page's body looks like, as a PNG. `width`: CSS pixels. */
  async picture(html: string, width: number): Promise<Buffer> {
    const path = join(this.#folder, 'page.html');
    await writeFile(path, html);
    const { targetId } = await this.#ask('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#ask('Target.attachToTarget', { targetId, flatten: true });
    const ask = (method: string, params: object = {}) => this.#ask(method, params, String(sessionId));
    await ask('Emulation.setDeviceMetricsOverride', {
      width,
      height: 800,
      deviceScaleFactor: SCALE,
      mobile: false,
    });
    await ask('Page.navigate', { url: pathToFileURL(path).href });
    const { result } = await ask('Runtime.evaluate', {
      awaitPromise: true,
      returnByValue: true,
      expression: `new Promise((resolve) => {
        const measure = async () => {
          await document.fonts.ready;
          const { x, y, width, height } = document.body.firstElementChild.getBoundingClientRect();
          resolve({ x, y, width, height });
        };
        document.readyState === 'complete' ? measure() : addEventListener('load', measure);
      })`,
    });
    const { value } = result as { value: Record<string, number> };
    const { data } = await ask('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: true,
      clip: { ...value, scale: 1 },
    });
    await this.#ask('Target.closeTarget', { targetId });
    return Buffer.from(String(data), 'base64');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#process, 'exit');
    await this.#ask('Browser.close', {});
    await gone;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #ask(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    this.#last += 1;
    const waiting = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.set(this.#last, waiting);
    this.#socket.send(JSON.stringify({ id: this.#last, method, params, ...(sessionId && { sessionId }) }));
    return await waiting.promise;
  }

  #hear({ id, result, error }: Reply): void {
    const waiting = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (error) waiting?.reject(new Error(`Chromium: ${error.message}`));
    else waiting?.resolve(result ?? {});
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('Chromium has no error output');
  const lines = createInterface({ input: child.stderr, signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  for await (const line of lines) {
    const found = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (found) return found;
  }
  throw new Error('Chromium ended, or did not start within 30 seconds. Start it by hand to see why.');
}
