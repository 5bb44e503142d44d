import { dayMs, firstDayMs } from '../world/vocabulary.ts';

/** Days and ms since the first day of the data, in each dialect. */
export const clickhouseDay = `(toInt32(toUInt16(toDate(time))) - ${firstDayMs / dayMs})`;
export const clickhouseMs = `(toUnixTimestamp64Milli(time) - ${firstDayMs})`;
export const duckdbDay = `((epoch_ms(time) - ${firstDayMs}) // ${dayMs})`;
export const duckdbMs = `(epoch_ms(time) - ${firstDayMs})`;
