// Holds an example of docs/doctor.md to what the command says now; `DOCS=write` writes it there.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const file = fileURLToPath(new URL('../../../docs/doctor.md', import.meta.url))

/** @param name Of the example, behind its fence. */
export const heldInDocs = (name: string, text: string): void => {
  const page = readFileSync(file, 'utf8')
  const block = new RegExp(`(\`\`\`text ${name}\n)([\\s\\S]*?)(\`\`\`\n)`)
  if (process.env.DOCS === 'write')
    writeFileSync(
      file,
      page.replace(block, (_, begin, __, end) => `${begin}${text.trim()}\n${end}`),
    )
  else expect(steady(block.exec(page)?.[2] ?? '')).toBe(steady(`${text.trim()}\n`))
}

/** Without what each machine and each lab has of its own. */
const steady = (text: string): string =>
  text
    .replace(/SHA256:\S+/g, 'SHA256:…')
    .replace(/^( ✔ (?:SSH server|SSH algorithms|shell|free space|release)) .*$/gm, '$1 …')
    .replace(/\d+ [MG]B|\d+ KB/g, '… space')
    .replace(/\b\d+ s (ahead|behind)/g, '… s $1')
    .replace(/^ +\/tmp .*$/gm, '')
