// Where the kernel grants no namespaces, a file of tests that needs a lab with them is skipped, and says why.
import { it, TestRunner } from 'vitest'
import { whyVariable } from './namespaces.ts'

/** They bring up no lab, or one that needs no namespaces, or say themselves what they need. */
const goWithout = /\/test\/(?:package\/.*|lab\/(?:cases\/)?(?:ldif|plain))\.test\.ts$/

export default class LaneRunner extends TestRunner {
  /** Not even read: some bring their lab up before they say which tests they have. */
  override importFile(...[file, source]: Parameters<TestRunner['importFile']>): unknown {
    const why = goWithout.test(file) || source === 'setup' ? undefined : process.env[whyVariable]
    return why === undefined ? super.importFile(file, source) : it.skip(why, () => {})
  }
}
