import { parseArgs } from 'node:util';
import { EXAMPLE_TEAMS, startSandbox } from './index.ts';

const USAGE = `Usage: npm run sandbox -- [--port N] [--latency MS] [--minute-ms MS]

  --port N         where to listen (default 4010)
  --latency MS     median time to an answer (default 120; one in twenty takes three times as long)
  --minute-ms MS   how long a minute of the rate limits lasts (default 60000)`;

const settings = readArguments();
const sandbox = await startSandbox({
  port: settings.port,
  minuteMs: settings.minuteMs,
  latencyMs: { median: settings.latencyMs, p95: settings.latencyMs * 3 },
}).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${settings.port} is taken. Give another one: npm run sandbox -- --port 0`);
  process.exit(1);
});

const teams = EXAMPLE_TEAMS.flatMap((team, index) => [
  `  Team ${index + 1}, ${team.credits?.limit ?? 0} credits`,
  ...team.keys.map((key) =>
    typeof key === 'string' ? `    ${key}` : `    ${key.key}   (${key.scopes?.length ?? 0} endpoints only)`,
  ),
]);
const firstKey = EXAMPLE_TEAMS[0]?.keys[0];
console.log(`The Apollo sandbox is running; nothing here costs anything.

  Base address   ${sandbox.url}
  Counts         ${sandbox.controlUrl}

${teams.join('\n')}

Type next, in another terminal:

  export APOLLO_BASE_URL=${sandbox.url}${settings.minuteMs === 60_000 ? '' : ` APOLLO_MINUTE_MS=${settings.minuteMs}`}
  printf %s ${typeof firstKey === 'string' ? firstKey : (firstKey?.key ?? '')} | ./connectionsphere connect --label "Sales"
  ./connectionsphere slots

Ctrl-C stops it.`);

process.once('SIGINT', stop);
process.once('SIGTERM', stop);

function stop(): void {
  void sandbox.close();
}

function readArguments(): { port: number; latencyMs: number; minuteMs: number } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4010' },
        latency: { type: 'string', default: '120' },
        'minute-ms': { type: 'string', default: '60000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return {
      port: readNumber('--port', values.port, 0, 65_535),
      latencyMs: readNumber('--latency', values.latency, 0, 600_000),
      minuteMs: readNumber('--minute-ms', values['minute-ms'], 1, 60_000),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${option} takes a whole number from ${least} to ${most}, not "${text}".`);
}
