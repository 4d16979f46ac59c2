import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../preload/contract/index.ts'
import { createConnection } from './connection.ts'

export const connection = createConnection()

/** The contract as functions. A call made while the connection is away waits for it; pass a signal to give up. */
export const client: ContractRouterClient<Contract> = createORPCClient({
  call: async (path, input, options) => (await connection.ready()).call(path, input, options),
})
