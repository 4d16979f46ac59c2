/** The page reads the types of probes, whose neighbour `Host` names a Node stream. No other Node type exists here. */
declare module 'node:stream' {
  export type Duplex = unknown
}
