// Whether this machine grants what a lab of the tests needs, found out once before they begin.
import { findGrants } from '../../lab/grants.ts'
import { Problem } from '../../src/model/problem.ts'

/** Of the environment that the tests inherit: why there are none; not set where there are. */
export const whyVariable = 'RUN_TESTS_WITHOUT_NAMESPACES'

const why = async (): Promise<string | undefined> => {
  try {
    return (await findGrants()).lane === 'plain' ? 'needs namespaces' : undefined
  } catch (error) {
    if (error instanceof Problem && error.code === 'lab-namespaces-refused') return 'needs namespaces'
    // What else is missing here the tests say themselves.
    return undefined
  }
}

export default async (): Promise<void> => {
  const found = await why()
  if (found !== undefined) process.env[whyVariable] = found
}
