import type { Core } from './core.ts';

/** What broken code passes for an id: taking it would make one user of everybody it happens to. */
const noIdentity =
  /^(|undefined|null|nil|none|nan|0|-1|true|false|\[object object\]|anonymous|guest|[0-]+)$/i;
const idCharactersMax = 255;

/**
 * `identify(userId)`. The server joins the device's past to the user. When somebody else was signed in
 * on this device, a new device begins first, so that one device never joins two users.
 */
export function createIdentify(core: Core): (userId: string) => void {
  return (given) => {
    const userId = String(given ?? '').trim();
    if (noIdentity.test(userId) || userId.length > idCharactersMax) return;
    const { deviceId, userId: before, properties } = core.identity();
    if (before === userId) return;
    const device = before === undefined ? deviceId : core.surroundings.uuid();
    core.become({ deviceId: device, userId, properties });
    core.event('$identify', { $identified_id: userId, $anon_id: `$device:${device}` });
  };
}
