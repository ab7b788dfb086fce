import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { InvalidArgumentError, ProtocolError, UmfbError } from '../errors.js'
import { type Claim, claim } from './claim.js'
import { checkDeviceName, socketSuffix } from './device-name.js'
import { type MethodResult, methods } from './methods.js'
import { type Answer, type ControlledDevice, maxRequestBytes } from './protocol.js'
import { openRuntimeDirectory } from './runtime-directory.js'
import { StreamReader } from './stream-reader.js'

/** More are refused; each holds one request and one answer at most. */
export const maxClients = 16

export interface ControlServerOptions {
  device: ControlledDevice
  /** The socket is NAME.sock. */
  name: string
  /** Default: the runtime directory. */
  folder?: string
  /** A client that neither sends a whole request nor takes its answer for so long is cut off. Default: 60 000. */
  idleTimeoutMs?: number
}

/** Answers requests on a device's control socket. What it speaks is described in protocol.ts. */
export class ControlServer {
  readonly path: string
  readonly #server: Server
  readonly #claim: Claim
  readonly #clients: Set<Socket>
  #closed = false

  /**
   * @throws InvalidArgumentError a name that cannot be a socket's
   * @throws DeviceNameTakenError a running device has the name
   * @throws SystemError the runtime directory or the socket cannot be made
   */
  static async listen(options: ControlServerOptions): Promise<ControlServer> {
    const { device, name, folder, idleTimeoutMs = 60_000 } = options
    checkDeviceName(name)
    const path = join(await openRuntimeDirectory(folder), `${name}${socketSuffix}`)
    const clients = new Set<Socket>()
    // Half open: "echo … | nc -U" ends its side before it reads the answer.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      clients.add(socket)
      socket.on('close', () => clients.delete(socket))
      socket.on('error', () => socket.destroy())
      if (clients.size > maxClients) refuse(socket)
      else serve(socket, device, idleTimeoutMs)
    })
    return new ControlServer(server, await claim(server, path), clients, path)
  }

  private constructor(server: Server, owned: Claim, clients: Set<Socket>, path: string) {
    this.#server = server
    this.#claim = owned
    this.#clients = clients
    this.path = path
  }

  /** Idempotent. Clients are cut off, and the socket is removed. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#claim.release()
    const ended = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#clients) socket.destroy()
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function errorAnswer(id: unknown, error: unknown): Answer {
  const { message } = error as Error
  const code = error instanceof UmfbError ? error.code : 'UMFB_SYSTEM'
  return { ...(id !== undefined && { id }), error: { code, message } }
}

function refuse(socket: Socket): void {
  const error = new ProtocolError(
    `expected at most ${maxClients} clients of a control socket: try again later`,
  )
  socket.end(`${JSON.stringify(errorAnswer(undefined, error))}\n`)
  // What it sends is nobody's business; a side that never ends its half is not waited for.
  socket.destroySoon()
}

async function serve(socket: Socket, device: ControlledDevice, idleTimeoutMs: number): Promise<void> {
  socket.on('timeout', () => socket.destroy())
  try {
    // The end of what it sends is not the end of what it is sent.
    const reader = new StreamReader(socket.iterator({ destroyOnReturn: false }))
    for (;;) {
      socket.setTimeout(idleTimeoutMs)
      const line = await reader.line(maxRequestBytes)
      if (line === undefined) break
      // A method may take its time.
      socket.setTimeout(0)
      const [answer, bytes] = await answerTo(line, device)
      socket.setTimeout(idleTimeoutMs)
      await send(socket, `${JSON.stringify(answer)}\n`)
      if (bytes) await send(socket, bytes)
    }
    socket.end()
  } catch (error) {
    if (error instanceof ProtocolError) socket.end(`${JSON.stringify(errorAnswer(undefined, error))}\n`)
    socket.destroySoon()
  }
}

/** Waits until the client has taken it: the next request is not read before. */
async function send(socket: Socket, data: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.write(data, (error) => (error ? reject(error) : resolve()))
  })
}

async function answerTo(line: string, device: ControlledDevice): Promise<[Answer, Uint8Array?]> {
  let id: unknown
  try {
    const request = parseRequest(line)
    id = request.id
    const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
    if (!method) {
      const known = Object.keys(methods).join(', ')
      throw new InvalidArgumentError(`method: expected one of ${known}, received ${request.method}`)
    }
    const { result, bytes }: MethodResult = await method(device, request.params)
    const answer = { ...(id !== undefined && { id }), result, ...(bytes && { bytes: bytes.length }) }
    return [answer, bytes]
  } catch (error) {
    return [errorAnswer(id, error)]
  }
}

interface Request {
  id: unknown
  method: string
  params: Record<string, unknown>
}

function parseRequest(line: string): Request {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new InvalidArgumentError(`expected a line of JSON, received ${JSON.stringify(line.slice(0, 80))}`)
  }
  const { id, method, params = {} } = (value ?? {}) as Record<string, unknown>
  if (typeof method !== 'string' || typeof params !== 'object' || params === null) {
    throw new InvalidArgumentError('expected an object with "method", a string, and "params", an object')
  }
  return { id, method, params: params as Record<string, unknown> }
}
