declare module "npm-packlist" {
  /** The little of an installed tree that it reads. */
  export interface PackTree {
    readonly path: string;
    readonly package: Readonly<Record<string, unknown>>;
    readonly isProjectRoot: boolean;
    readonly edgesOut: ReadonlyMap<string, PackEdge>;
    readonly workspaces: null;
  }

  export interface PackEdge {
    readonly dev: boolean;
    readonly peer: boolean;
    readonly to: { readonly path: string; readonly isLink: boolean; readonly target: PackTree } | null;
  }

  /** Paths that npm would pack, relative to the tree's folder. */
  export default function packlist(tree: PackTree, options: { path: string }): Promise<string[]>;
}
