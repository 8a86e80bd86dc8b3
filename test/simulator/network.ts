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
      let isOver = false;
      let hasLeft = false;
      let onClose = () => {};
      const end = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        stopTimer();
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const fail = (reason: string) =>
        end(() => {
          this.#note(`${name}: ${reason}`);
          reject(new HttpFailure(reason, hasLeft));
          onClose();
        });
      const onAbort = () => fail('the request was cancelled');
      const stopTimer = machine.after(timeoutMs, () => fail(`no whole answer within ${timeoutMs} ms`));
      signal?.addEventListener('abort', onAbort, { once: true });
      const { connection, request: lost, answer } = this.losses;
      if (this.#draw.happens(connection)) {
        machine.after(this.#draw.between(0, NOTICED_MS), () => fail('the connection failed (ECONNREFUSED)'));
        return;
      }
      machine.after(this.#draw.between(0, 1), () => {
        if (isOver) return;
        hasLeft = true;
        this.#note(`${name} leaves`);
        watch?.leaving();
        if (this.#draw.happens(lost)) {
          machine.after(this.#draw.between(0, NOTICED_MS), () => fail('the connection failed (ECONNRESET)'));
          return;
        }
        // What has left arrives, whatever becomes of who sent it.
        this.#time.after(this.#way(), () => {
          let status = 0;
          let headers: Record<string, string> = {};
          const reply = {
            get destroyed() {
              return isOver && machine.isDead;
            },
            writeHead: (code: number, given: Record<string, string | number>) => {
              status = code;
              headers = Object.fromEntries(
                Object.entries(given).map(([name, value]) => [name, String(value)]),
              );
              return reply;
            },
            end: (body: string) => {
              if (this.#draw.happens(answer)) return reply.destroy();
              machine.after(this.#way(), () => {
                if (isOver) return;
                watch?.answered();
                watch?.arrived();
                machine.after(0, () =>
                  end(() => {
                    this.#note(`${name}: ${status}`);
                    resolve({ status, headers, body });
                  }),
                );
              });
            },
            destroy: () => {
              machine.after(this.#way(), () => fail('the connection failed (ECONNRESET)'));
            },
            once: (_: 'close', listener: () => void) => {
              onClose = listener;
            },
          };
          void this.#model.answer(
            {
              method: request.method,
              url: new URL(request.url),
              headers: request.headers,
              body: request.body ?? '',
            },
            reply,
          );
        });
      });
    });
  }

  #way(): number {
    return this.#draw.between(WAY_MS.least, WAY_MS.most);
  }
}
