// What a step puts aside on the node before it changes it, so that undo can bring it back as it was.
import { type HostDollar, type Part, Problem, part } from '#task'
import { dressing, isMine, type Owned } from './dressing.ts'

/** Puts the content of a file aside, readable for its owner only. */
export const keepContent = async ($: HostDollar, path: string, kept: string): Promise<void> => {
  await $`umask 077 && mkdir -p ${kept} && cat ${path} >${`${kept}/content`}`
}

/** Puts the content back beside a path, anew or not at all; who calls moves it to its place. @throws {Problem} `not-kept` */
export const fetchContent = async ($: HostDollar, to: string, kept: string): Promise<void> => {
  await assertKept($, `${kept}/content`)
  await $`umask 077 && rm -f ${to} && set -C && cat ${`${kept}/content`} >${to}`
}

/** Whether whole trees are meant, or the directories alone. */
type Tree = { readonly path: string; readonly directories: boolean }

/**
 * Writes down to whom each thing of a tree belongs, by number: names may be gone when it is needed.
 *
 * One a line, so a name of two lines would read as two things, of which the second could be any file of the node.
 *
 * @throws {Problem} `name-with-line-break`
 */
export const keepOwners = async ($: HostDollar, { path, directories }: Tree, kept: string): Promise<void> => {
  const type = directories ? ['-type', 'd'] : []
  await assertNamesOfOneLine($, path)
  await $`umask 077 && mkdir -p ${kept} && find ${path} -name ${twoLines} -prune -o ${type} -exec stat -c '%u:%g %n' {} + >${`${kept}/owners`}`
}

/** Writes down which mode each thing of a tree has, links left out. @throws {Problem} `name-with-line-break` */
export const keepModes = async ($: HostDollar, path: string, kept: string): Promise<void> => {
  await assertNamesOfOneLine($, path)
  await $`umask 077 && mkdir -p ${kept} && find ${path} -name ${twoLines} -prune -o ! -type l -exec stat -c '%a %n' {} + >${`${kept}/modes`}`
}

/** Gives each thing of a tree its own mode back; what came since keeps its own. @throws {Problem} `not-kept` */
export const giveModesBack = async ($: HostDollar, kept: string): Promise<void> => {
  await assertKept($, `${kept}/modes`)
  await $`while IFS= read -r line; do at=\${line#* }; if [ -e "$at" ] && [ ! -L "$at" ]; then chmod "00\${line%% *}" "$at" || exit; fi; done <${`${kept}/modes`}`
}

const assertNamesOfOneLine = async ($: HostDollar, path: string): Promise<void> => {
  const { stdout } = await $`find ${path} -name ${twoLines} | head -n 2`
  if (stdout !== '') throw nameOfTwoLines(stdout)
}

/** Gives each thing of a tree back to whom it belonged; what came since keeps its owner. @throws {Problem} `not-kept` */
export const giveOwnersBack = async ($: HostDollar, kept: string): Promise<void> => {
  await assertKept($, `${kept}/owners`)
  await $`while IFS= read -r line; do at=\${line#* }; if [ -e "$at" ] || [ -L "$at" ]; then chown -h "\${line%% *}" "$at" || exit; fi; done <${`${kept}/owners`}`
}

/**
 * Makes a directory, and those above it that are missing, which get its owner and mode, as Ansible has it.
 *
 * Those above are written down first, innermost first, for the way back. All of them are made beside the place of the
 * outermost and moved there at once: cut short, none stays that nobody would look at again.
 */
export const makeDirectory = async ($: HostDollar, path: string, owned: Owned, kept: string): Promise<void> => {
  const place = path.replace(/(?<=.)\/+$/, '')
  const { owner, group, mode, isMakers } = owned
  const dressed = part`chown ${owner}:${group} "$at" && chmod 0${mode} "$at"`
  await $`umask 077; path=${place} at=${place} top=${place}
${isMakers ? madeAtOnce(place, owned) : part``}if [ -d "$path" ]; then ${dressed}; exit; fi
while above=\${top%/*}; [ ! -e "\${above:-/}" ]; do
  mkdir -p ${kept} && printf '%s\\n' "$above" >>${`${kept}/parents`} || exit
  top=$above
done
next=$top.run-new
if [ -d "$next" ]; then find "$next" -depth -type d -exec rmdir {} \\; ; fi
mkdir "$next" || exit
at=$next\${path#"$top"}
if [ "$at" != "$next" ]; then mkdir -p "$at" || exit; fi
while [ "$at" != "$above" ]; do ${dressed} || exit; at=\${at%/*}; done
mv "$next" "$top"`
}

/**
 * One that belongs to whoever makes it, in a directory that is there, is made at its place: cut short, it is there, and
 * the next look says what it lacks. Where its group may do more than others, its mode waits for its group.
 */
const madeAtOnce = (place: string, owned: Owned): Part => {
  const { mode } = owned
  const [ofGroup, ofOthers] = [Number(mode.at(-2)), Number(mode.at(-1))]
  const made =
    (ofGroup & ~ofOthers) === 0
      ? part`mkdir -m 0${mode} ${place} && { ${isMine(place)} || { ${dressing(place, owned)}; }; }`
      : part`mkdir ${place} && ${dressing(place, owned)}`
  return part`above=\${top%/*}; above=\${above:-/}
if [ ! -e "$path" ] && [ ! -L "$path" ] && [ ! -d "$path.run-new" ] && [ -d "$above" ] && [ ! -g "$above" ]; then
  ${made}; exit
fi
`
}

/** Takes the directories away that were made for it, as far as nobody has put anything into them since. */
export const removeParents = async ($: HostDollar, kept: string): Promise<void> => {
  const list = `${kept}/parents`
  await $`if [ -f ${list} ]; then while IFS= read -r at; do rmdir "$at" 2>/dev/null || break; done <${list}; fi`
}

/** When all is back, nothing of it stays on the node. */
export const forget = async ($: HostDollar, kept: string): Promise<void> => {
  await $`rm -rf ${kept} && { rmdir "$(dirname ${kept})" 2>/dev/null || :; }`
}

const twoLines = '*\n*'

const nameOfTwoLines = (name: string): Problem =>
  new Problem({
    code: 'name-with-line-break',
    summary: 'A file has a line break in its name, so what each thing had before cannot be written down safely',
    seen: JSON.stringify(name.trimEnd()),
    wanted: 'names of one line, in a tree whose owners or modes are changed',
    state: 'nothing of it was changed',
    help: 'find out who made it, and move it away',
  })

export const assertKept = async ($: HostDollar, path: string): Promise<void> => {
  if ((await $({ nothrow: true })`[ -f ${path} ]`).exitCode === 0) return
  throw new Problem({
    code: 'not-kept',
    summary: 'What was there before was not kept, so it cannot be brought back as it was',
    seen: `${path} is not there`,
    wanted: 'the file that the run put aside before the change',
    state: 'nothing was taken back',
    help: 'bring it back by hand, then undo again',
  })
}
