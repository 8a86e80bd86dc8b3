import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

/** What n8n has only since some version, asked for with care: an older one does without it. */
type Newer = Pick<IExecuteFunctions, 'addExecutionHints' | 'getExecutionCancelSignal' | 'isToolExecution'>;

function newer(functions: IExecuteFunctions): Partial<Newer> {
  return functions;
}

/** Whether an AI agent calls the node as its tool. */
export function isTool(functions: IExecuteFunctions): boolean {
  return newer(functions).isToolExecution?.() ?? functions.getNode().type.endsWith('Tool');
}

/** Aborts when the execution is cancelled or timed out; `undefined`: this n8n cannot tell. */
export function cancelSignal(functions: IExecuteFunctions): AbortSignal | undefined {
  return newer(functions).getExecutionCancelSignal?.();
}

/** Shows sentences beside the node's output. */
export function showHints(
  functions: IExecuteFunctions,
  type: NonNullable<NodeExecutionHint['type']>,
  ...messages: readonly string[]
): void {
  const hints = messages
    .filter((message) => message !== '')
    .map((message): NodeExecutionHint => ({ message, type, location: 'outputPane' }));
  if (hints.length > 0) newer(functions).addExecutionHints?.(...hints);
}
