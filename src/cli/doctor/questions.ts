// The questions of a doctor: those that are shipped, and a site's own beside its tasks.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes, Problem } from '../../model/problem.ts'
import type { Question } from '../../task/question.ts'
import { taskFolders } from '../inputs.ts'
import { type Loading, loadBelow } from '../modules.ts'
import type { Settings } from '../settings.ts'
import { shown } from '../shown.ts'

/** In the order of the files' names; of two questions of one name the site's own is asked. @throws {Problem} `module-broken`, `questions-wrong`. */
export const loadQuestions = async (settings: Settings, loading: Loading): Promise<readonly Question[]> => {
  const found = new Map<string, Question>()
  for (const folder of taskFolders(settings).filter(each => existsSync(join(each, below)))) {
    for (const [file, list] of Object.entries(await loadBelow(folder, below, loading))) {
      if (!isQuestions(list)) throw noQuestions(shown(join(folder, below, `${file}.ts`), loading))
      for (const question of list) found.set(question.name, question)
    }
  }
  return [...found.values()]
}

const below = 'questions'

const isQuestions = (value: unknown): value is readonly Question[] =>
  Array.isArray(value) && value.every(each => each?.type === 'question')

const noQuestions = (file: string): Problem =>
  new Problem({
    code: 'questions-wrong',
    summary: `${file} has no questions for the doctor`,
    wanted: 'a list of `question({ … })` as its default export',
    exit: exitCodes.input,
  })
