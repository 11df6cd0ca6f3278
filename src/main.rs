//! The process: hands over to the library's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    copydesk::sys::share_heaps();
    copydesk::cli::main()
}
