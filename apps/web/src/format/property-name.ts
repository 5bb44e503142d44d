/** Names that Mixpanel's clients send, in words. Others are shown as they are. */
const known: Readonly<Record<string, string>> = {
  $browser: 'Browser',
  $browser_version: 'Browser version',
  $city: 'City',
  $region: 'Region',
  mp_country_code: 'Country',
  $country_code: 'Country',
  $os: 'Operating system',
  $os_version: 'Operating system version',
  $device: 'Device',
  $device_id: 'Device id',
  $user_id: 'User id',
  $current_url: 'Current URL',
  $referrer: 'Referrer',
  $initial_referrer: 'Initial referrer',
  $referring_domain: 'Referring domain',
  $initial_referring_domain: 'Initial referring domain',
  $search_engine: 'Search engine',
  $screen_height: 'Screen height',
  $screen_width: 'Screen width',
  $screen_dpi: 'Screen density',
  mp_lib: 'Library',
  $lib_version: 'Library version',
  $app_version_string: 'App version',
  $app_build_number: 'App build',
  $manufacturer: 'Manufacturer',
  $model: 'Model',
  $carrier: 'Carrier',
  $wifi: 'Wi-Fi',
  $insert_id: 'Insert id',
  $name: 'Name',
  $first_name: 'First name',
  $last_name: 'Last name',
  $email: 'E-mail',
  $phone: 'Phone',
  $avatar: 'Avatar',
  $created: 'Created',
  $last_seen: 'Last seen',
  $mp_first_event_time: 'First seen',
  $timezone: 'Time zone',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
  utm_content: 'UTM content',
  utm_term: 'UTM term',
};

export function propertyLabel(name: string): string {
  return Object.hasOwn(known, name) ? (known[name] ?? name) : name;
}

/** What the interface calls "any event of the project" in a selector. */
export const anyEventLabel = 'Any event';

/** Names that begin with `$` are the clients' own: `$ae_session` is shown as written. */
export function eventLabel(event: string | null): string {
  return event ?? anyEventLabel;
}
