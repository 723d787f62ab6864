// Logging in by answering what the server asks: the password, or whatever a person knows.
import type { Prompt } from 'ssh2'
import { reveal } from '../model/secret.ts'
import type { Attended } from './company.ts'
import type { PasswordUse, Server, Way } from './login.ts'

export type Asked = { readonly company: Attended; readonly use: PasswordUse }

/**
 * Where neither a password nor a person is there, nothing can be answered.
 *
 * The password goes in once, where the first thing that is asked is one answer that must not be seen; all else is for
 * the person. Nobody there: no answer is given, since an empty one would count as a wrong password.
 */
export const questionsWay = ({ host, user, password }: Server, { company, use }: Asked): readonly Way[] => {
  const { person, unhurried } = company
  if (!password && !person) return []
  const answers = async (about: string, prompts: readonly Prompt[]): Promise<readonly string[]> => {
    const [first] = prompts
    if (password && !use.isGiven && prompts.length === 1 && !first?.echo) {
      use.isGiven = true
      return [reveal(password)]
    }
    const given: string[] = []
    for (const { prompt, echo } of prompts) {
      const answer = await person?.ask({
        title: `${host} asks at the login of ${user}`,
        lines: about ? [about] : [],
        prompt: `${plain(prompt)} `,
        ...(!echo && { isSecret: true }),
      })
      if (answer === undefined) throw new Error(`nobody is there to answer "${plain(prompt)}"`)
      given.push(answer)
    }
    return given
  }
  const way: Way = {
    told: password ? 'password' : 'answers to what it asks',
    method: {
      type: 'keyboard-interactive',
      username: user,
      prompt: (name, instructions, _language, prompts, finish) => {
        const about = plain([name, instructions].filter(Boolean).join(': '))
        void unhurried(() => answers(about, prompts)).then(
          given => finish([...given]),
          error => {
            way.because = error.message
            finish([])
          },
        )
      },
    },
  }
  return [way]
}

/** A server's words go to a terminal: no escapes, one line. */
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
