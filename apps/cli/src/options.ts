export type OptionValue = string | readonly string[] | boolean | undefined;
export type Options = Readonly<Record<string, OptionValue>>;

/** An option's one value, or undefined when it was not given. */
export const textOption = (options: Options, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

export const switchOption = (options: Options, name: string): boolean => options[name] === true;

/** The name under which an option's value is found: `--bind-port <port>` is `bindPort`. */
export const optionName = (syntax: string): string =>
  (/--([a-z-]+)/.exec(syntax)?.[1] ?? syntax).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
