import type { LoadedModel, Model, RuntimeState } from '../../preload/contract/models.ts'
import type { Host } from '../hosts/host.ts'

/** The kinds of model servers that Studiolo speaks with. */
export type RuntimeId = RuntimeState['id']

/** A Runtime that answered: where, and which version. */
export interface Detected {
  port: number
  version: string | null
  /** The actions this very server has, where it has fewer than its kind: an older version, a server with one fixed model. */
  actions?: readonly ('load' | 'unload')[]
}

/** For every call: an abort rejects with a {@link RuntimeError} `cancelled`. */
export interface CallOptions {
  signal?: AbortSignal
}

/**
 * A program that serves models. All its traffic goes through `Host.connect`. Every call has a time-out of its own and
 * rejects with a {@link RuntimeError}, or with the Host's own `HostError` where the Host itself cannot be reached. An
 * action that a Runtime lacks is a missing method.
 */
export interface Runtime {
  id: RuntimeId
  name: string
  /** Ports to look at, best first. */
  ports: readonly number[]
  /** Null where nothing of this kind answers. Cheap, and never blocked by a load in progress. */
  detect(host: Host, options?: CallOptions): Promise<Detected | null>
  models(host: Host, port: number, options?: CallOptions): Promise<Model[]>
  loaded(host: Host, port: number, options?: CallOptions): Promise<LoadedModel[]>
  /**
   * Resolves when the model answers. Aborting `signal` gives the load up; the caller then calls `unload`, since a
   * server may go on loading after its client is gone.
   */
  load?(host: Host, port: number, modelId: string, options?: CallOptions): Promise<void>
  /** Asks for the unload; resolves when the server took the request. Whether the model is gone, `loaded` tells. */
  unload?(host: Host, port: number, modelId: string, options?: CallOptions): Promise<void>
  /** Base names of the processes that hold its models' memory, for comparing footprints. */
  processNames: readonly string[]
  /** The process that holds this instance, where no name tells: several programs run in a `python3.12`. */
  processIdOf?(loaded: LoadedModel): number | null
  /** `loaded` can leave out a model, so that an empty list does not mean that no memory is held. */
  isLoadedPartial?: boolean
}

/** `unrecognised`: something answers there, but not as this Runtime would. */
export type RuntimeErrorCode =
  | 'not-running'
  | 'timeout'
  | 'cancelled'
  | 'not-permitted'
  | 'model-not-found'
  | 'out-of-memory'
  | 'server-busy'
  | 'server-error'
  | 'unrecognised'

/** Why a model server did not do what it was asked, in our words; `message` has the server’s own. */
export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode
  constructor(code: RuntimeErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'RuntimeError'
    this.code = code
  }
}
