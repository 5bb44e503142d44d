import { exportDays, ExportError } from '../export/export-days.ts';
import type { ParsedCommand } from '../parse-command.ts';
import { Terminal } from '../terminal.ts';
import { sleep } from '../wait.ts';
import { apiOptions, apiUrl, credentialsOf } from './api-options.ts';
import { CliError, print, requiredOption, textOption, type CliCommand } from './command.ts';

export const exportCommand: CliCommand = {
  name: 'export',
  summary: 'write the events of a project into files, one a day',
  plan: {
    usage: 'pnpm cli export --from DATE --to DATE --out FOLDER --secret SECRET [options]',
    about: `Writes raw events as lines of JSON, as Mixpanel's raw export has them, into FOLDER: a file a day of UTC,
2024-03-04.ndjson.gz. Such files can be imported again. An export that was cut short is simply run again:
days whose files are whole are left as they are. A file that was made before its day was over is
made anew; --again makes all of them anew, for events that came late.`,
    options: {
      from: { type: 'string', value: 'DATE', about: 'first day, YYYY-MM-DD' },
      to: { type: 'string', value: 'DATE', about: 'last day' },
      out: { type: 'string', value: 'FOLDER', about: 'where the files go; it is made' },
      event: { type: 'string', value: 'NAMES', about: 'these events alone, with commas between' },
      where: { type: 'string', value: 'EXPRESSION', about: 'those that meet this condition' },
      plain: { type: 'boolean', about: 'not packed with gzip' },
      again: { type: 'boolean', about: 'write days anew that are there already' },
      'time-in-ms': { type: 'boolean', about: 'times in ms, as exact as they are stored' },
      ...apiOptions,
    },
  },
  run: async (parsed) => {
    const terminal = new Terminal();
    const startedAt = Date.now();
    try {
      const { events, days, kept } = await exportDays({
        ...credentialsOf(parsed, null),
        apiUrl: apiUrl(parsed),
        from: requiredOption(parsed, 'from'),
        to: requiredOption(parsed, 'to'),
        folder: requiredOption(parsed, 'out'),
        plain: parsed.values.plain === true,
        again: parsed.values.again === true,
        parameters: parametersOf(parsed),
        now: Date.now,
        sleep,
        onRetry: (text) => terminal.line(text),
        onDay: (done, total) => terminal.progress({ label: 'days', done, total }),
      });
      terminal.close();
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      const were = kept === 0 ? '' : `, ${kept} of them were there`;
      print(`exported ${events} events of ${days} days${were} in ${seconds} s`);
      return 0;
    } catch (error) {
      terminal.close();
      if (error instanceof ExportError) throw new CliError(error.message);
      throw error;
    }
  },
};

function parametersOf(parsed: ParsedCommand): Record<string, string> {
  const events = textOption(parsed, 'event');
  const where = textOption(parsed, 'where');
  return {
    ...(events !== undefined && { event: JSON.stringify(events.split(',')) }),
    ...(where !== undefined && { where }),
    ...(parsed.values['time-in-ms'] === true && { time_in_ms: 'true' }),
  };
}
