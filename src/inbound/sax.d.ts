/** The parts of sax that are used. */
declare module 'sax' {
  namespace sax {
    interface Tag {
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
    }

    interface Parser {
      onopentag: (tag: Tag) => void;
      onclosetag: (name: string) => void;
      ontext: (text: string) => void;
      oncdata: (text: string) => void;
      ondoctype: (doctype: string) => void;
      onerror: (error: Error) => void;
      write(chunk: string): Parser;
      close(): Parser;
    }

    function parser(strict: boolean, options?: { readonly position?: boolean }): Parser;
  }
  export = sax;
}
