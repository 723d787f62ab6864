// A YAML language server, asked over stdio as an editor asks it, with the settings that are shipped for one.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const require = createRequire(import.meta.url)
const program = require.resolve('yaml-language-server/bin/yaml-language-server')

type Message = {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly uri?: string; readonly diagnostics?: readonly Diagnostic[]; readonly items?: Sections }
  readonly result?: unknown
}
type Sections = readonly { readonly section: string }[]
type Diagnostic = { readonly message: string; readonly range: { readonly start: { readonly line: number } } }

type Settings = {
  readonly 'yaml.schemas': Record<string, readonly string[]>
  readonly 'yaml.customTags': readonly string[]
}

/** As they lie beside the playbooks; an editor makes whole paths of those that begin where the folder is. */
export const editorSettings: Settings = JSON.parse(readFileSync(join(root, '.vscode/settings.json'), 'utf8'))

const settings = {
  schemas: Object.fromEntries(
    Object.entries(editorSettings['yaml.schemas']).map(([path, of]) => [pathToFileURL(join(root, path)).href, of]),
  ),
  customTags: editorSettings['yaml.customTags'],
  ...{ validate: true, hover: true, completion: true, schemaStore: { enable: false } },
}

/** Starts one; `close` ends it. A mark `¦` in a text is where the cursor is. */
export const startLanguageServer = async () => {
  const server = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const answers = new Map<number, (result: unknown) => void>()
  const marked = new Map<string, (found: readonly Diagnostic[]) => void>()
  let asked = 0

  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  const hear = ({ id, method, params, result }: Message): void => {
    if (method === 'textDocument/publishDiagnostics') marked.get(params?.uri ?? '')?.(params?.diagnostics ?? [])
    else if (method === 'workspace/configuration')
      send({ id, result: params?.items?.map(({ section }) => (section === 'yaml' ? settings : null)) })
    else if (method !== undefined && id !== undefined) send({ id, result: null })
    else if (id !== undefined) answers.get(id)?.(result)
  }
  server.stdout.on('data', readMessages(hear))

  const request = (method: string, params: object): Promise<unknown> => {
    const id = ++asked
    return new Promise(resolve => {
      answers.set(id, resolve)
      send({ id, method, params })
    })
  }
  const open = async (path: string, text: string) => {
    // Each in a folder of its own: what is said of one text is never taken for another's.
    const uri = pathToFileURL(join(root, `${++asked}`, path)).href
    const found = new Promise<readonly Diagnostic[]>(resolve => marked.set(uri, resolve))
    const [before = ''] = text.split('¦')
    const plain = text.replace('¦', '')
    send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text: plain } },
    })
    const lines = before.split('\n')
    const at = { textDocument: { uri }, position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } }
    const diagnostics = await found
    return {
      at,
      diagnostics,
      close: () => send({ method: 'textDocument/didClose', params: { textDocument: { uri } } }),
    }
  }
  const asking =
    <Answer>(method: string, read: (result: unknown) => Answer) =>
    async (path: string, text: string): Promise<Answer> => {
      const { at, close } = await open(path, text)
      const answer = read(await request(method, at))
      close()
      return answer
    }

  const marks = async (path: string, text: string): Promise<readonly string[]> => {
    const { diagnostics, close } = await open(path, text)
    close()
    return diagnostics.map(({ message, range }) => `${range.start.line + 1}: ${message}`)
  }
  const capabilities = { textDocument: { publishDiagnostics: {} }, workspace: { configuration: true } }
  await request('initialize', { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities })
  send({ method: 'initialized', params: {} })
  // It answers before it has asked for its settings.
  while ((await marks('run.yml', 'no_such_setting: 1\n')).length === 0) await setTimeout(20)
  return {
    /** What it would propose. */
    proposals: asking('textDocument/completion', result =>
      (result as { readonly items: readonly { readonly label: string }[] }).items.map(({ label }) => label),
    ),
    /** What it tells of the word under the cursor. */
    told: asking('textDocument/hover', result => JSON.stringify(result)),
    /** What it marks: the line, counted from 1, and what it says. */
    marks,
    close: () => server.kill(),
  }
}

/** Each message has its length in a head. */
const readMessages = (hear: (message: Message) => void) => {
  let left = Buffer.alloc(0)
  return (bytes: Buffer): void => {
    left = Buffer.concat([left, bytes])
    for (;;) {
      const head = left.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/Content-Length: (\d+)/.exec(left.subarray(0, head).toString())?.[1])
      if (left.length < head + 4 + length) return
      const message: Message = JSON.parse(left.subarray(head + 4, head + 4 + length).toString())
      left = left.subarray(head + 4 + length)
      hear(message)
    }
  }
}
