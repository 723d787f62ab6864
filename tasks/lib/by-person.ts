// A person does something: they are told what, and asked again for as long as it is not seen to be done.
import { type Person, Problem } from '#task'

export type Asked = {
  /** What to do, in as many lines as it takes. */
  readonly text: string
  /** Who does it, where that is not whoever started the run. */
  readonly who?: string | undefined
  /** What has to be seen then; their word counts where there is none. */
  readonly proof?: string
}

export const stopWord = 'stop'

/**
 * @param look Tells what is against it; nothing when it is done.
 * @throws {Problem} `waits-for-person` where nobody is there, or where they type the word for it.
 */
export const askUntilDone = async (
  person: Person,
  asked: Asked,
  look: () => Promise<string | undefined>,
): Promise<void> => {
  for (let finding: string | undefined = ''; finding !== undefined; finding = await look())
    await askToDo(person, asked, finding)
}

const askToDo = async (person: Person, asked: Asked, finding: string): Promise<void> => {
  const lines = [...asked.text.trimEnd().split('\n'), ...(finding === '' ? [] : ['', `Not done yet: ${finding}`])]
  const prompt = `Press Enter when it is done, or type ${stopWord}: `
  const said = await person.ask({ title: titleOf(asked.who), lines, prompt, isToCopy: true })
  if (said === undefined || said.trim() === stopWord) throw waits(asked, finding)
}

export const titleOf = (who: string | undefined): string => (who === undefined ? 'By hand:' : `By hand (${who}):`)

export const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''

const waits = ({ text, who, proof }: Asked, finding: string): Problem =>
  new Problem({
    code: 'waits-for-person',
    summary: `The run waits for ${who ?? 'a person'}: ${firstLine(text)}`,
    ...(finding !== '' && { seen: finding }),
    wanted: proof ?? 'somebody at a terminal who says that it is done',
    state: 'nothing after this step was begun; what is held around it is given back',
    help: `${proof === undefined ? 'at a terminal, do it' : 'do it'}, then go on:\n${text.trimEnd()}`,
    exit: 5,
  })
