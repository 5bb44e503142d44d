import type { Calendar } from './calendar.ts';
import type { Channel } from './channels.ts';
import { returningChannels, saleChannel } from './channels.ts';
import type { Device, Person } from './person.ts';
import type { Random } from './random.ts';
import type { Memory, VisitPlan } from './visit.ts';

/** Decides how a visit comes about: with which device, through which channel, on which release. */
export function planVisit(options: {
  person: Person;
  memory: Memory;
  calendar: Calendar;
  dayIndex: number;
  start: number;
  end: number;
  id: string;
  random: Random;
}): VisitPlan {
  const { person, memory, calendar, dayIndex, random } = options;
  const deviceIndex = drawDeviceIndex(person, memory, dayIndex, random);
  const device = person.devices[deviceIndex] as Device;
  const sale = dayIndex >= calendar.saleDay && dayIndex < calendar.saleEnd;
  const delay = device.traits.platform === 'Web' ? 0 : person.updateDelay;
  const updated = dayIndex >= calendar.releaseDay + delay;
  const { start, end, id } = options;
  return {
    person,
    memory,
    deviceIndex,
    channel: drawChannel({ person, memory, sale, random }),
    random,
    start,
    end,
    dayIndex,
    checkout: updated ? 'v2' : 'v1',
    appVersion: updated ? '5.0.0' : appVersionBefore(dayIndex, calendar),
    sale,
    id,
  };
}

function drawDeviceIndex(person: Person, memory: Memory, dayIndex: number, random: Random): number {
  const age = dayIndex - memory.signedUpDay;
  const owned = person.devices.length > 1 && memory.signedUp && age >= person.secondDeviceAge;
  return owned && random.chance(0.45) ? 1 : 0;
}

function drawChannel(options: {
  person: Person;
  memory: Memory;
  sale: boolean;
  random: Random;
}): Channel {
  const { person, memory, sale, random } = options;
  if (memory.visits === 0 && !person.existing) return person.channel;
  if (sale && memory.signedUp && random.chance(0.5)) return saleChannel;
  return random.weighted(returningChannels);
}

/** Two smaller releases before the one with the new checkout. */
function appVersionBefore(dayIndex: number, calendar: Calendar): string {
  return dayIndex >= calendar.releaseDay - 30 ? '4.9.1' : '4.8.0';
}
