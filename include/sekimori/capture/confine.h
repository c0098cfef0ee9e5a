#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sekimori {

/// What the process keeps of its rights once it has what it needs. Nothing of it can be undone.
struct Confinement {
  /// Capture sockets are open (LiveCapture): they may be waited for and asked, never written to.
  bool capturing = false;
  /// Where anything may be read or written; both empty: anywhere. Folders are meant with all
  /// that is in them. Held only where the kernel has Landlock.
  std::vector<std::filesystem::path> readable, writable;
};

/// Takes away, for this process and all that it starts:
/// - with seccomp, every system call that is not on a short list. Those that open a socket,
///   connect, bind, listen, accept, send, or run another program end the process at once; others
///   fail as if the kernel did not have them. Writing to a capture socket, or giving it another
///   number, is among what ends it.
/// - with Landlock, running any file, making device nodes and sockets, TCP, signals and abstract
///   sockets to outside, and the files that are not named.
/// Returns what was done, for people. Throws Error where seccomp is refused, and only there.
std::string confine(const Confinement& confinement);

/// Gives up every capability, and any way to new ones. Where `user` is not "", becomes that user
/// with its own group alone, which only root can. Throws Error.
void drop_privileges(const std::string& user);

}  // namespace sekimori
