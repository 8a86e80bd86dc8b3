import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SHORTCUT, STEP } from '../../bot/slack/action-ids.ts';
import { SCOPES } from '../../bot/slack/installation/many-workspaces.ts';
import { EVENTS_PATH } from '../../bot/slack/transport/receivers.ts';
import { manifest, stepsManifest } from './slack-server.ts';

const folder = new URL('../../bot/slack/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(new URL(path, folder), 'utf8'))
  .join('\n');

/** First arguments of calls such as `app.event('…'`. */
function listenedTo(kind: string): string[] {
  return [...sources.matchAll(new RegExp(`\\bapp\\.${kind}\\(\\s*'([^']+)'`, 'g'))]
    .map(([, name]) => name ?? '')
    .sort();
}

test('the manifest subscribes to the events that are listened to, and to no others', () => {
  // Of messages, those that people write to the app.
  const names = manifest.settings.event_subscriptions.bot_events.map((name) =>
    name.replace(/^message\.im$/, 'message'),
  );
  expect(names.sort()).toEqual(listenedTo('event'));
});

test('the manifest has the commands and shortcuts that are listened to', () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(listenedTo('command'));
  const callbacks = manifest.features.shortcuts.map(({ callback_id }) => callback_id).sort();
  expect(callbacks).toEqual(Object.values(SHORTCUT).sort());
});

test('the manifest with steps is the same app, and says more only where steps need it', () => {
  const { functions, ...app } = stepsManifest;
  const { function_runtime, ...settings } = app.settings;
  expect(function_runtime).toBe('remote');
  expect(settings.org_deploy_enabled).toBe(true);
  const bot_events = settings.event_subscriptions.bot_events.filter((name) => name !== 'function_executed');
  expect(settings.event_subscriptions.bot_events).toHaveLength(bot_events.length + 1);
  expect({
    ...app,
    settings: { ...settings, org_deploy_enabled: false, event_subscriptions: { bot_events } },
  }).toEqual(manifest);
  expect(Object.keys(functions).sort()).toEqual(Object.values(STEP).sort());
});

/** What people can fill in and pass on in Workflow Builder. https://docs.slack.dev/reference/types */
const TYPES = /^(?:string|number|boolean|slack#\/types\/(?:rich_text|user_id))$/;

test('parameters of steps are written as Slack wants them in this version of manifests', () => {
  expect(manifest._metadata.major_version).toBe(1);
  for (const { title, description, input_parameters, output_parameters } of Object.values(
    stepsManifest.functions,
  )) {
    expect(title).not.toBe('');
    expect(description.length).toBeLessThanOrEqual(255);
    for (const [name, parameter] of Object.entries({ ...input_parameters, ...output_parameters })) {
      expect(parameter.name).toBe(name);
      expect(parameter.type).toMatch(TYPES);
      expect(parameter.title).not.toBe('');
      expect(parameter.description).not.toBe('');
    }
  }
});

/** Which scope each call needs. https://docs.slack.dev/reference/methods; views need none. */
const NEEDS: Readonly<Record<string, string>> = {
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.delete': 'chat:write',
  'chat.update': 'chat:write',
  'files.info': 'files:read',
  filesUploadV2: 'files:write',
  'users.info': 'users:read',
};

test('every scope is used, and every call has its scope', () => {
  const calls = [...sources.matchAll(/\b(?:client|uploads)\.([a-zA-Z0-9]+(?:\.[a-zA-Z]+)?)\(/g)].map(
    ([, name]) => name ?? '',
  );
  const free = /^(?:views\.|functions\.|auth\.test$)/;
  const needed = new Set(calls.filter((name) => !free.test(name)).map((name) => NEEDS[name] ?? `? ${name}`));
  // Commands and shortcuts.
  needed.add('commands');
  // https://docs.slack.dev/reference/events/message.im and app_mention
  needed.add('im:history');
  needed.add('app_mentions:read');
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
  expect([...SCOPES].sort()).toEqual([...needed].sort());
});

test('both manifests are valid by the schema that Slack publishes', () => {
  const path = new URL('manifest-schema/manifest.schema.1.0.0.json', import.meta.url);
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(path, 'utf8')));
  expect(schema.safeParse(manifest).error).toBeUndefined();
  expect(schema.safeParse(stepsManifest).error).toBeUndefined();
  const { display_information: _, ...nameless } = manifest;
  expect(schema.safeParse(nameless).success).toBe(false);
});

test('the manifest keeps to the limits of Slack', () => {
  const { name, description, long_description } = manifest.display_information;
  expect(name?.length).toBeLessThanOrEqual(35);
  expect(description?.length).toBeLessThanOrEqual(140);
  expect(long_description?.length).toBeGreaterThanOrEqual(175);
  expect(long_description?.length).toBeLessThanOrEqual(4000);
  for (const shortcut of manifest.features.shortcuts) {
    expect(shortcut.name.length).toBeLessThanOrEqual(24);
    expect(shortcut.description.length).toBeLessThanOrEqual(150);
  }
  for (const command of manifest.features.slash_commands) {
    expect(command.description.length).toBeLessThanOrEqual(2000);
    expect(command.usage_hint.length).toBeLessThanOrEqual(1000);
  }
  expect(EVENTS_PATH).toBe('/slack/events');
});
