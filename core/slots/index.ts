/** Slots and the keys in them: connected, checked, sealed, watched over. */
export type { Unread } from './check.ts';
export * from './errors.ts';
export {
  conditionWords,
  currentHealth,
  FIRST_SPENT_WAIT_MS,
  healthWords,
  mobileSpentUntil,
  notAllowedAt,
} from './health.ts';
export { kindName, parseKind, type SlotView } from './notation.ts';
export { freePlace, slotAt } from './places.ts';
export type {
  Connected,
  ConnectionRef,
  ConnectionReport,
  ConnectRequest,
  ReplaceRequest,
  Rotation,
  SlotAddress,
  SlotsChange,
  SlotsView,
} from './requests.ts';
export { Slots, type SlotsOptions } from './slots.ts';
export type { Connection, Credits, Health, SlotKind, SlotPlan, UsableConnection } from './types.ts';
export {
  createVault,
  EncryptionKeyMissing,
  type KeyRing,
  SealBroken,
  type SealContext,
  type Sealed,
  type Vault,
} from './vault.ts';
