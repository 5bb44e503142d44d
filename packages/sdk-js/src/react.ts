import { createContext, createElement, useContext, useEffect, useRef, useState } from 'react';
import type { FunctionComponent, ReactNode } from 'react';
import { createClient } from './arbor.ts';
import type { Client, Events, Properties } from './client.ts';
import type { Options } from './options.ts';
import { pages, type PageViewOptions } from './pages.ts';

/** Outside of a provider, and on a server, every method is there and does nothing. */
const Context = createContext<Client | undefined>(undefined);

export interface AnalyticsProps {
  /** Made already, by `createClient`; in place of `token` and `options`. */
  readonly client?: Client;
  readonly token?: string;
  readonly options?: Options & PageViewOptions;
  /** No page views. */
  readonly quiet?: boolean;
  readonly children?: ReactNode;
}

/**
 * Gives the client to what is in it. With a token it makes the client once, also where React renders
 * twice, and counts page views, those of routers too, Next's among them.
 */
export const AnalyticsProvider: FunctionComponent<AnalyticsProps> = ({
  client: given,
  token = '',
  options,
  quiet,
  children,
}) => {
  const [client] = useState(() => given ?? createClient(token, options));
  useEffect(() => {
    // React runs effects twice in development.
    if (given || quiet || counting.has(client)) return;
    counting.add(client);
    client.use(pages(options));
  }, [client, given, quiet, options]);
  return createElement(Context.Provider, { value: client }, children);
};
/** Clients that count page views already. */
const counting = new WeakSet<Client>();

/** The client of the provider around. */
export function useAnalytics<E extends Events = Events>(): Client<E> {
  const [nobody] = useState(() => createClient(''));
  return (useContext(Context) ?? nobody) as Client<E>;
}

/** The same function on each render. */
export const useTrack = <E extends Events = Events>(): Client<E>['track'] =>
  useAnalytics<E>().track;

export interface TrackViewProps {
  readonly event: string;
  readonly properties?: Properties;
  readonly children?: ReactNode;
}

/** Tracks the event when it is shown first. */
export const TrackView: FunctionComponent<TrackViewProps> = ({ event, properties, children }) => {
  const track = useTrack();
  const isTold = useRef(false);
  useEffect(() => {
    if (isTold.current) return;
    isTold.current = true;
    track(event, properties);
  }, [track, event, properties]);
  return children;
};
