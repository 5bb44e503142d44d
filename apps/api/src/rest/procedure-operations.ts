const project = '/api/v1/projects/{id}';
const organization = '/api/v1/organizations/{organization}';

/** `list` also stands for what a caller gets a page of. */
const savedThings = (
  router: string,
  path: string,
  thing: string,
): Readonly<Record<string, string>> => ({
  [`${router}.list`]: `GET ${project}/${path}`,
  [`${router}.get`]: `GET ${project}/${path}/{${thing}}`,
  [`${router}.create`]: `POST ${project}/${path}`,
  [`${router}.change`]: `PATCH ${project}/${path}/{${thing}}`,
});

/**
 * Which request of the REST API is which procedure of the dashboard's, and so what the request is called. A test holds
 * it against both: no procedure is without a request.
 */
export const procedureOperations: Readonly<Record<string, string>> = {
  'session.me': 'GET /api/v1/me',
  'project.get': `GET ${project}`,
  'project.create': 'POST /api/v1/projects',
  'project.change': `PATCH ${project}`,
  'project.rotateSecret': `POST ${project}/secret`,
  'organizations.list': 'GET /api/v1/organizations',
  'organizations.audit': `GET ${organization}/audit`,
  'members.list': `GET ${organization}/members`,
  'members.change': `PATCH ${organization}/members/{member}`,
  'members.remove': `DELETE ${organization}/members/{member}`,
  'members.invite': `POST ${organization}/invitations`,
  'members.withdraw': `DELETE ${organization}/invitations/{invitation}`,
  'serviceAccounts.list': `GET ${organization}/service-accounts`,
  'serviceAccounts.get': `GET ${organization}/service-accounts/{account}`,
  'serviceAccounts.create': `POST ${organization}/service-accounts`,
  'serviceAccounts.change': `PATCH ${organization}/service-accounts/{account}`,
  'serviceAccounts.rotate': `POST ${organization}/service-accounts/{account}/secret`,
  'serviceAccounts.remove': `DELETE ${organization}/service-accounts/{account}`,
  'serviceAccounts.ofProject': `GET ${project}/service-accounts`,
  'names.events': 'GET /api/v1/names/events',
  'names.properties': 'GET /api/v1/names/properties',
  'names.values': 'GET /api/v1/names/values',
  'names.groups': 'GET /api/v1/names/groups',
  'query.run': 'POST /api/v1/query',
  'query.stream': 'GET /api/v1/query',
  'live.recent': `GET ${project}/live`,
  'live.entries': `GET ${project}/live`,
  'users.list': `POST ${project}/users/list`,
  'users.profile': `GET ${project}/users/{user}`,
  'users.near': `GET ${project}/users/{user}/near`,
  'users.activity': `POST ${project}/users/{user}/activity`,
  'users.edit': `PATCH ${project}/users/{user}/profile`,
  'identity.user': `GET ${project}/identity/users/{user}`,
  'identity.log': `GET ${project}/identity/users/{user}/links`,
  'identity.refusals': `GET ${project}/identity/refusals`,
  'identity.merge': `POST ${project}/identity/merges`,
  'identity.preview': `GET ${project}/identity/links/{link}/preview`,
  'identity.undo': `POST ${project}/identity/links/{link}/undo`,
  'identity.settings': `GET ${project}/identity/settings`,
  'identity.setSettings': `PUT ${project}/identity/settings`,
  'privacy.requests': `GET ${project}/data-requests`,
  'privacy.request': `GET ${project}/data-requests/{request}`,
  'privacy.create': `POST ${project}/data-requests`,
  'privacy.cancel': `DELETE ${project}/data-requests/{request}`,
  'privacy.settings': `GET ${project}/privacy-settings`,
  'privacy.setSettings': `PUT ${project}/privacy-settings`,
  ...savedThings('cohorts', 'cohorts', 'thing'),
  ...savedThings('customEvents', 'custom-events', 'thing'),
  ...savedThings('customProperties', 'custom-properties', 'thing'),
  ...savedThings('lookupTables', 'lookup-tables', 'thing'),
  'lexicon.list': `GET ${project}/events`,
  'lexicon.set': `PUT ${project}/events/{name}`,
  'lexicon.forget': `DELETE ${project}/events/{name}`,
  'sessionSettings.get': `GET ${project}/session-settings`,
  'sessionSettings.set': `PUT ${project}/session-settings`,
  ...savedThings('savedReports', 'reports', 'saved'),
  ...savedThings('boards', 'boards', 'saved'),
  'ingestHealth.get': `GET ${project}/ingest-health`,
  'ingestHealth.refused': `GET ${project}/refused-records`,
  'imports.list': `GET ${project}/imports`,
  'imports.get': `GET ${project}/imports/{import}`,
  'imports.check': `POST ${project}/imports/check`,
  'imports.create': `POST ${project}/imports`,
  'imports.add': `POST ${project}/imports/{import}/rows`,
  'imports.setState': `PATCH ${project}/imports/{import}`,
};

/** An installation is taken over, and an organisation joined, by a person with a link that is good once. */
export const proceduresWithoutRequest: ReadonlySet<string> = new Set([
  'setup.status',
  'setup.createOwner',
  'invitations.offered',
  'invitations.join',
]);
