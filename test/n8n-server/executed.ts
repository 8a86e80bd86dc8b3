/** An item that left a node. */
export interface Item {
  readonly json: Record<string, unknown>;
  readonly pairedItem?: Linked | Linked[] | number;
}

interface Linked {
  readonly item: number;
}

/** An execution as n8n gives it out. */
export interface RawExecution {
  readonly status: string;
  readonly startedAt: string;
  readonly stoppedAt: string;
  readonly data: {
    readonly resultData: {
      readonly error?: { readonly message: string };
      readonly runData: Record<
        string,
        {
          executionTime: number;
          data?: { main: (Item[] | null)[] };
          hints?: { message: string }[];
          error?: { message: string };
        }[]
      >;
    };
  };
}

/** How an execution went. */
export interface Executed {
  readonly status: string;
  readonly error: string | undefined;
  /** ms from the execution's start to its end, n8n's own start not included. */
  readonly ms: number;
  /** What left a node in all its runs, by output. */
  outputs(node: string): Item[][];
  hints(node: string): string[];
  /** ms that a node took, in all its runs. */
  nodeMs(node: string): number;
}

export function readExecution({ status, startedAt, stoppedAt, data }: RawExecution): Executed {
  const { runData, error } = data.resultData;
  return {
    status,
    error: error?.message,
    ms: Date.parse(stoppedAt) - Date.parse(startedAt),
    outputs(node) {
      const outputs: Item[][] = [];
      for (const { data } of runData[node] ?? []) {
        for (const [index, items] of (data?.main ?? []).entries()) {
          outputs[index] = [...(outputs[index] ?? []), ...(items ?? [])];
        }
      }
      return outputs;
    },
    nodeMs: (node) => (runData[node] ?? []).reduce((sum, { executionTime }) => sum + executionTime, 0),
    hints: (node) => (runData[node] ?? []).flatMap(({ hints = [] }) => hints.map(({ message }) => message)),
  };
}
