/** The core's ports on Node: clock, HTTP, log, store, coordination, files, settings. */

export { createCoordination } from '../coordination.ts';
export { singleProcess } from '../embedded.ts';
export { BackupError, backup, restoreBackup } from './backup.ts';
export { systemClock } from './clock.ts';
export { type Config, ConfigError, readConfig } from './config.ts';
export { DataDirectoryError } from './data-directory.ts';
export * from './files/index.ts';
export * from './http.ts';
export { type EncryptionKey, EncryptionKeysError, loadKeyRing } from './keyring.ts';
export { createLog, type LogLevel, type LogOptions, redactSecret } from './log.ts';
export { type Moved, moveStore, StoreNotMoved } from './move-store.ts';
export { type OpenPorts, type OpenPortsOptions, openPorts, type Role } from './open-ports.ts';
export { announceKeys, checkEncryptionKeys, requireKeyEverywhere } from './seals.ts';
export { openStore, type StoreOptions } from './store.ts';
export {
  StoreDamaged,
  StoreError,
  StoreInUse,
  StoreNotWritten,
  type StoreOwner,
  StoreTooNew,
  StoreUnavailable,
} from './store-errors.ts';
