import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What an agent sends to its model, as far as the model here reads it (OpenAI: "Create chat completion"). */
interface Conversation {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly { readonly function: Tool }[];
}

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: { readonly properties: Record<string, unknown> };
}

/**
 * A chat model that calls the one tool it is given with the fields that it is asked to (as JSON, it is no great
 * thinker), and then repeats what the tool told it.
 */
export interface Model extends AsyncDisposable {
  /** What n8n's OpenAI credential takes for its address. */
  readonly url: string;
  /** The tool as the last conversation described it. */
  readonly tool: Tool | undefined;
}

export async function startModel(): Promise<Model> {
  let tool: Tool | undefined;
  const answer = ({ messages, tools }: Conversation) => {
    tool = tools?.[0]?.function ?? tool;
    const told = messages.findLast(({ role }) => role === 'tool');
    if (told) return { content: String(told.content) };
    const asked = messages.findLast(({ role }) => role === 'user');
    const call = { name: tool?.name, arguments: asked?.content };
    return { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] };
  };
  const server = createServer(async (request, response) => {
    const message = { role: 'assistant', ...answer((await json(request)) as Conversation) };
    const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const completion = { id: 'completion', object: 'chat.completion', created: 0, model: 'stand-in', usage };
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...completion, choices: [{ index: 0, message, finish_reason }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get tool() {
      return tool;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
