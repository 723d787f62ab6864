// Whether a program asks for a secret, as far as its words tell.

/** A choice, such as `y` or `2`, is no secret whatever is asked: `Change the password? (y/n)`. */
export const asksForSecret = (prompt: string, answer: string): boolean => words.test(prompt) && !choice.test(answer)

/** A file of passwords, or rules for them, are none. */
const words =
  /(?:passw(?:or[dt]|d)|passphrase|passcode|kennwort|mot de passe|contraseña)(?!\p{L}|[ -]?(?:file|path|datei|policy|length))/iu

const choice = /^(?:\d{1,2}|\p{L}|yes|no|ja|nein|oui|non|sí)?$/iu
