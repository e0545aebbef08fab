export declare function findImportCycles(folder: string): readonly (readonly string[])[];
