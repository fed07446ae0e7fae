import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What the sources say of one declaration: its docstring and the tags below it. */
export interface Docstring {
  text: string;
  tags: Record<string, string>;
}

/** A declared thing of the sources and what is declared inside it. */
export interface Declared {
  doc: Docstring;
  /** The members of an object, by name. */
  member(name: string): Declared | undefined;
  memberNames(): string[];
  /** For a schema: the keys of its object, however it is wrapped. */
  key(name: string): Declared | undefined;
  /** For a schema: what its list holds. */
  element(): Declared | undefined;
  /** For a schema: one alternative of its union. */
  option(index: number): Declared | undefined;
}

/** Reads the docstrings of everything that `src/index.ts` exports. They are the one source of every description. */
export function readDocstrings(): Map<string, Declared> {
  const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
  const program = ts.createProgram([entry], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2024.d.ts", "lib.dom.d.ts"],
    types: [],
    skipLibCheck: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entry);
  const module = file && checker.getSymbolAtLocation(file);
  if (file === undefined || module === undefined) throw new Error(`unable to read docstrings; ${entry} is not a module`);

  const typeOf = (symbol: ts.Symbol) => checker.getTypeOfSymbolAtLocation(symbol, file);
  const property = (type: ts.Type | undefined, ...path: string[]): ts.Symbol | undefined => {
    const [name, ...rest] = path;
    const found = name === undefined ? undefined : type?.getProperty(name);
    return found === undefined || rest.length === 0 ? found : property(typeOf(found), ...rest);
  };
  const typeAt = (type: ts.Type | undefined, ...path: string[]) => {
    const found = property(type, ...path);
    return found && typeOf(found);
  };

  /** The schema inside `optional`, `catch` and `pipe`. */
  const unwrapped = (type: ts.Type): ts.Type => {
    const inner = typeAt(type, "_zod", "def", "innerType") ?? typeAt(type, "_zod", "def", "in");
    return inner === undefined ? type : unwrapped(inner);
  };

  const declared = (symbol: ts.Symbol | undefined, type: ts.Type): Declared => {
    const of = (inner: ts.Symbol | undefined) => inner && declared(inner, typeOf(inner));
    const schema = () => unwrapped(type);
    return {
      doc: docstring(symbol),
      member: (name) => of(property(type, name)),
      memberNames: () => type.getProperties().map(({ name }) => name),
      key: (name) => of(property(schema(), "shape", name)),
      element: () => {
        const element = typeAt(schema(), "_zod", "def", "element");
        return element && declared(element.symbol, element);
      },
      option: (index) => {
        const options = typeAt(schema(), "_zod", "def", "options");
        const option = options && typeAt(options, String(index));
        return option && declared(option.symbol, option);
      },
    };
  };

  const docstring = (symbol: ts.Symbol | undefined): Docstring => ({
    text: plain(ts.displayPartsToString(symbol?.getDocumentationComment(checker))),
    tags: Object.fromEntries((symbol?.getJsDocTags(checker) ?? []).map(({ name, text }) => [name, plain(ts.displayPartsToString(text))])),
  });

  return new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return [symbol.name, declared(target, typeOf(target))];
    }),
  );
}

function plain(text: string): string {
  return text.replaceAll(/\{@link (\w+)\}/g, "`$1`").replaceAll(/\s*\n\s*/g, " ").trim();
}
