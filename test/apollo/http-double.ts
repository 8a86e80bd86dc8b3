import type { Http, HttpRequest, HttpResponse } from '../../core/ports.ts';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it stands; anything else as JSON. */
  readonly body?: unknown;
}

/** An Http that answers everything with one reply, or throws it where it is an error, and keeps the requests. */
export class HttpDouble implements Http {
  readonly requests: HttpRequest[] = [];
  readonly #reply: Reply | Error;

  constructor(reply: Reply | Error) {
    this.#reply = reply;
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    this.requests.push(request);
    if (this.#reply instanceof Error) throw this.#reply;
    const { status = 200, headers = {}, body = {} } = this.#reply;
    return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }

  /** The one request that was made. */
  get only(): HttpRequest & { readonly at: URL } {
    const [request, second] = this.requests;
    if (!request || second) throw new Error(`${this.requests.length} requests were made instead of one`);
    return { ...request, at: new URL(request.url) };
  }
}
