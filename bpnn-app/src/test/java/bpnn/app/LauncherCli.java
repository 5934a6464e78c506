package bpnn.app;

import bpnn.io.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Runs the program by its launcher, in the locale POSIX and in a working directory with letters that this locale lacks:
 * {@code -Dbpnn.cli.launcher=FILE}. The backends of the tests are put on its class path.
 */
final class LauncherCli {
    private static final String LAUNCHER = System.getProperty("bpnn.cli.launcher", "");
    /** What the JVM says, not the program. */
    private static final Pattern INCUBATOR = Pattern.compile("WARNING: Using incubator modules: .*\\R");

    private static final Path PLACE = LAUNCHER.isEmpty() ? Path.of("") : create();

    private LauncherCli() {}

    static boolean isWanted() {
        return !LAUNCHER.isEmpty();
    }

    /** With a Java whose class path is longer by that of the tests, but for the archive of classes, which folders forbid. */
    private static Path create() {
        try {
            Path place =
                    Files.createDirectories(Path.of("target", "größe und weite").toAbsolutePath());
            Path home = Path.of(System.getProperty("java.home"));
            Path java = place.resolve("jdk");
            Files.createDirectories(java.resolve("bin"));
            AtomicFile.write(java.resolve("release"), Files.readString(home.resolve("release")));
            Path script = place.resolve("jdk/bin/java");
            AtomicFile.write(script, """
                    #!/usr/bin/env bash
                    arguments=()
                    tests='%s'
                    case " $* " in *Rehearsal* | *' -Xshare:dump '*) tests= ;; esac
                    while [ $# -gt 0 ]; do
                      arguments+=("$1")
                      if [ "$1" = -cp ]; then
                        arguments+=("$2${tests:+:$tests}")
                        shift
                      fi
                      shift
                    done
                    exec '%s/bin/java' "${arguments[@]}"
                    """.formatted(System.getProperty("java.class.path"), home));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProcessBuilder builder(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(PLACE.toFile());
        builder.environment().put("LC_ALL", "POSIX");
        builder.environment().put("JAVA_HOME", PLACE.resolve("jdk").toString());
        return builder;
    }

    static Cli run(boolean interactive, Object... arguments) {
        List<Object> all = new ArrayList<>();
        if (interactive) {
            all.addAll(List.of("-Dbpnn.terminal=true", "-Dbpnn.columns=100"));
        }
        all.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(PLACE, "out", "");
            Path err = Files.createTempFile(PLACE, "err", "");
            int code = builder(all.toArray())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start()
                    .waitFor();
            return new Cli(
                    code,
                    Files.readString(out, StandardCharsets.UTF_8),
                    INCUBATOR
                            .matcher(Files.readString(err, StandardCharsets.UTF_8))
                            .replaceAll(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the program ran", e);
        }
    }
}
