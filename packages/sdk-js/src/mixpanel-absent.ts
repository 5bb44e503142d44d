/** What of Mixpanel's client is not here: a method that is called does nothing, and says so in debug. */
export interface MixpanelAbsent {
  readonly flags: MixpanelFlags;
  start_session_recording(): void;
  stop_session_recording(): void;
  get_session_recording_properties(): object;
  get_session_replay_url(): null;
  get_tab_id(): null;
}

interface Variant {
  readonly key: string;
  readonly value: unknown;
}

/** Each flag is what the page falls back to. */
export interface MixpanelFlags {
  are_flags_ready(): boolean;
  load_flags(): Promise<void>;
  when_ready(): Promise<void>;
  update_context(): Promise<void>;
  get_variant<V>(name: string, fallback: V): Promise<V>;
  get_variant_sync<V>(name: string, fallback: V): V;
  get_variant_value<V>(name: string, fallback: V): Promise<V>;
  get_variant_value_sync<V>(name: string, fallback: V): V;
  get_all_variants(): Promise<Map<string, Variant>>;
  get_all_variants_sync(): Map<string, Variant>;
  is_enabled(name: string, fallback?: boolean): Promise<boolean>;
  is_enabled_sync(name: string, fallback?: boolean): boolean;
}

/** `say` is told that something was asked for in vain. */
export function absent(say: (what: string) => void): MixpanelAbsent {
  const no = (): void => say('recording');
  const fallback = <V>(_?: unknown, given?: V): V => {
    say('flags');
    return given as V;
  };
  const isEnabled = (name: string, given = false): boolean => fallback(name, given);
  const none = (): Map<string, Variant> => fallback(0, new Map<string, Variant>());
  const later =
    <Given extends unknown[], V>(run: (...given: Given) => V) =>
    async (...given: Given): Promise<V> =>
      run(...given);
  const ready = later(() => fallback<void>());
  return {
    start_session_recording: no,
    stop_session_recording: no,
    get_session_recording_properties: () => Object(no()) as object,
    get_session_replay_url: () => no() ?? null,
    get_tab_id: () => no() ?? null,
    flags: {
      are_flags_ready: () => isEnabled(''),
      load_flags: ready,
      when_ready: ready,
      update_context: ready,
      get_variant: later(fallback) as MixpanelFlags['get_variant'],
      get_variant_sync: fallback,
      get_variant_value: later(fallback) as MixpanelFlags['get_variant_value'],
      get_variant_value_sync: fallback,
      get_all_variants: later(none),
      get_all_variants_sync: none,
      is_enabled: later(isEnabled),
      is_enabled_sync: isEnabled,
    },
  };
}
