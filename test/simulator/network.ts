import { type Http, HttpFailure, type HttpRequest, type HttpResponse } from '../../core/ports.ts';
import type { Model } from '../sandbox/model.ts';
import type { Draw } from './draw.ts';
import type { Machine } from './machine.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How likely it is, for each request, that something is lost on the way. */
export interface Losses {
  /** No connection is made: Apollo cannot have seen the request. */
  readonly connection: number;
  /** The request left, and never came to Apollo. */
  readonly request: number;
  /** Apollo did what was asked, and its answer never came. */
  readonly answer: number;
}

const NO_LOSSES: Losses = { connection: 0, request: 0, answer: 0 };
/** ms of a way, and how long a lost connection takes to be noticed. */
const WAY_MS = { least: 1, most: 60 } as const;
const NOTICED_MS = 200;

/** A request of a process, until it is answered or fails. */
interface Sent {
  readonly request: HttpRequest;
  readonly machine: Machine;
  isOver: boolean;
  hasLeft: boolean;
  /** Tells Apollo that nobody waits for its answer any more. */
  onClose: () => void;
  succeed(response: HttpResponse): void;
  fail(reason: string): void;
}

/** The way from processes to the pretended Apollo, on which things take their time or are lost. */
export class Network {
  losses: Losses = NO_LOSSES;
  readonly #time: VirtualTime;
  readonly #draw: Draw;
  readonly #model: Model;

  readonly #note: (what: string) => void;

  /** `note`: hears what is asked, and what becomes of it. */
  constructor(time: VirtualTime, draw: Draw, model: Model, note: (what: string) => void) {
    this.#note = note;
    this.#time = time;
    this.#draw = draw;
    this.#model = model;
  }

  heal(): void {
    this.losses = NO_LOSSES;
  }

  /** The network as one process has it. */
  of(machine: Machine): Http {
    return { request: (request) => this.#request(request, machine) };
  }

  #request(request: HttpRequest, machine: Machine): Promise<HttpResponse> {
    const { timeoutMs, signal, watch } = request;
    const name = new URL(request.url).pathname;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        if (sent.isOver) return;
        sent.isOver = true;
        stopTimer();
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const sent: Sent = {
        request,
        machine,
        isOver: false,
        hasLeft: false,
        onClose: () => {},
        succeed: (response) =>
          end(() => {
            this.#note(`${name}: ${response.status}`);
            resolve(response);
          }),
        fail: (reason) =>
          end(() => {
            this.#note(`${name}: ${reason}`);
            reject(new HttpFailure(reason, sent.hasLeft));
            sent.onClose();
          }),
      };
      const onAbort = () => sent.fail('the request was cancelled');
      const stopTimer = machine.after(timeoutMs, () => sent.fail(`no whole answer within ${timeoutMs} ms`));
      signal?.addEventListener('abort', onAbort, { once: true });
      const { connection, request: lost, answer } = this.losses;
      if (this.#draw.happens(connection)) return this.#breaks(sent, 'ECONNREFUSED');
      machine.after(this.#draw.between(0, 1), () => {
        if (sent.isOver) return;
        sent.hasLeft = true;
        this.#note(`${name} leaves`);
        watch?.leaving();
        if (this.#draw.happens(lost)) return this.#breaks(sent, 'ECONNRESET');
        // What has left arrives, whatever becomes of who sent it.
        this.#time.after(this.#way(), () => this.#arrives(sent, answer));
      });
    });
  }

  /** It is noticed after a while that nothing comes any more. */
  #breaks({ machine, fail }: Sent, code: string): void {
    machine.after(this.#draw.between(0, NOTICED_MS), () => fail(`the connection failed (${code})`));
  }

  /** Apollo has it. `lost`: how likely it is that the answer is lost. */
  #arrives(sent: Sent, lost: number): void {
    const { request, machine } = sent;
    const { watch } = request;
    let status = 0;
    let headers: Record<string, string> = {};
    const reply = {
      get destroyed() {
        return sent.isOver && machine.isDead;
      },
      writeHead: (code: number, given: Record<string, string | number>) => {
        status = code;
        headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
        return reply;
      },
      end: (body: string) => {
        if (this.#draw.happens(lost)) return reply.destroy();
        machine.after(this.#way(), () => {
          if (sent.isOver) return;
          watch?.answered();
          watch?.arrived();
          machine.after(0, () => sent.succeed({ status, headers, body }));
        });
      },
      destroy: () => {
        machine.after(this.#way(), () => sent.fail('the connection failed (ECONNRESET)'));
      },
      once: (_: 'close', listener: () => void) => {
        sent.onClose = listener;
      },
    };
    const { method, url, headers: given, body = '' } = request;
    void this.#model.answer({ method, url: new URL(url), headers: given, body }, reply);
  }

  #way(): number {
    return this.#draw.between(WAY_MS.least, WAY_MS.most);
  }
}
