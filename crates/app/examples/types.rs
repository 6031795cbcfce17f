//! Prints the boundary as TypeScript; `cargo xtask types` puts it where the user interface wants it.

fn main() {
    print!("{}", photokeep_app::boundary::typescript());
}
