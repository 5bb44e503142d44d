/**
 * What one parser reads:
 * - `formula`: custom properties (`reports.md` 14.3),
 * - `api`: `where`, `on` and the selectors of the query API (`query-api.md` 19),
 * - `report`: formulas over the metrics of a report (`reports.md` 4.4, `ux.md` UX-M3).
 */
export type Dialect = 'formula' | 'api' | 'report';
