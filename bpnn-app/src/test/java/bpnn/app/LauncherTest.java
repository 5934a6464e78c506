package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a project of its own, with a Java and a Maven that only say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String OPTIONS = "bpnn-app/src/main/launcher/jvm.options";

    @TempDir
    Path folder;

    private Path project;
    private Path java;

    /** For the launcher; null for what must not be set. */
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void createProject() throws IOException {
        project = Files.createDirectory(folder.resolve("project"));
        Path launcher = Path.of("..", "bpnn");
        Files.copy(launcher, project.resolve("bpnn"));
        executable(project.resolve("bpnn"));
        Files.createDirectories(project.resolve("bpnn-app/src/main/java"));
        Files.createDirectories(project.resolve("bpnn-app/src/main/launcher"));
        Files.copy(Path.of("src/main/launcher/jvm.options"), project.resolve(OPTIONS));
        Files.writeString(project.resolve("bpnn-app/src/main/java/Some.java"), "");
        Files.writeString(project.resolve("pom.xml"), "");
        Files.writeString(project.resolve("bpnn-app/pom.xml"), "");
        script(
                "mvn",
                "echo maven \"$@\"; echo '[INFO] Building bpnn-api 0.1      [2/13]'; mkdir -p bpnn-app/target/lib; touch bpnn-app/target/bpnn-app-1.jar");
        java = folder.resolve("jdk");
        release("17.0.1", "java.base jdk.incubator.vector");
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        executable(java.resolve("bin/java"));
        makeOlder();
    }

    private void release(String version, String modules) throws IOException {
        Files.createDirectories(java);
        Files.writeString(java.resolve("release"), """
                JAVA_VERSION="%s"
                MODULES="%s"
                OS_ARCH="x86_64"
                """.formatted(version, modules));
    }

    private void script(String name, String body) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
        executable(bin.resolve(name));
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Sources that were there long before the build. */
    private void makeOlder() throws IOException {
        FileTime old = FileTime.from(Instant.now().minusSeconds(1000));
        for (String path : List.of(
                "pom.xml",
                "bpnn-app/pom.xml",
                "bpnn-app/src/main",
                OPTIONS,
                "bpnn-app/src/main/launcher",
                "bpnn-app/src/main/java",
                "bpnn-app/src/main/java/Some.java")) {
            Files.setLastModifiedTime(project.resolve(path), old);
        }
    }

    private record Result(int exitCode, List<String> out, String err) {}

    private Result launch(Path launcher, Path directory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", java.toString());
        environment.forEach((name, value) -> {
            builder.environment().remove(name);
            if (value != null) {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readAllLines(folder.resolve("out"), StandardCharsets.UTF_8),
                Files.readString(folder.resolve("err")));
    }

    private Result launch(String... arguments) throws Exception {
        return launch(project.resolve("bpnn"), project, arguments);
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        Result first = launch("backends");
        Result second = launch("backends");
        Files.setLastModifiedTime(
                project.resolve("bpnn-app/src/main/java/Some.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        Result third = launch("backends");

        assertThat(first.exitCode()).isZero();
        assertThat(first.err())
                .contains("Building bpnn with Maven", "maven -B", "  bpnn-api [2/13]\n")
                .contains("package")
                .doesNotContain("[INFO]");
        assertThat(second.err()).isEmpty();
        assertThat(third.err()).contains("Building bpnn with Maven");
    }

    /** In C and POSIX, Java could not name a file with letters other than ASCII's. */
    @ParameterizedTest
    @CsvSource({
        "POSIX, , , C.UTF-8",
        "C, de_DE.UTF-8, , C.UTF-8",
        ", C, de_DE.UTF-8, C.UTF-8",
        ", , , C.UTF-8",
        "de_DE.UTF-8, C, C, de_DE.UTF-8",
        ", , de_DE.UTF-8, ''"
    })
    void namesOfFilesMayHaveAnyLetter(String all, String type, String language, String expected) throws Exception {
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho \"$LC_ALL\"\n");
        environment.put("LC_ALL", all);
        environment.put("LC_CTYPE", type);
        environment.put("LANG", language);

        assertThat(launch("backends").out()).containsExactly(expected);
    }

    @Test
    void buildsAgainWhenASourceWasDeleted() throws Exception {
        launch("backends");
        Files.delete(project.resolve("bpnn-app/src/main/java/Some.java"));
        Files.setLastModifiedTime(
                project.resolve("bpnn-app/src/main/java"),
                FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(launch("backends").err()).contains("Building bpnn with Maven");
    }

    @Test
    void runsTheClassesWhereAReleaseHasSourcesAndJavadocBesideThem() throws Exception {
        script(
                "mvn",
                "mkdir -p bpnn-app/target && cd bpnn-app/target && touch bpnn-app-1.jar bpnn-app-1-javadoc.jar bpnn-app-1-sources.jar");

        assertThat(classPath(launch("train"))).startsWith(project.toRealPath() + "/bpnn-app/target/bpnn-app-1.jar:");
    }

    @Test
    void runsTheVersionThatWasBuiltLast() throws Exception {
        launch("train");
        script("mvn", "touch bpnn-app/target/bpnn-app-2.jar");
        Files.setLastModifiedTime(
                project.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(classPath(launch("train"))).contains("/bpnn-app-2.jar:");
    }

    private static String classPath(Result result) {
        return result.out().get(result.out().indexOf("-cp") + 1);
    }

    @Test
    void aFailedBuildIsNoBuild() throws Exception {
        script("mvn", "echo compiler says no; exit 1");

        assertThat(launch("backends").exitCode()).isEqualTo(1);
        Result again = launch("backends");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("compiler says no", "The build failed");
        assertThat(again.out()).isEmpty();
    }

    @Test
    void passesPropertiesToTheJvmAndTheRestToTheProgram() throws Exception {
        Result result = launch("-Dbackend=cpu", "-Xmx1g", "train", "-Dnot=mine", "--data-dir", "a folder");

        List<String> out = result.out();
        int main = out.indexOf("bpnn.app.Main");
        assertThat(out.subList(0, main)).contains("-Dbackend=cpu", "-Xmx1g", "-Dbpnn.home=" + project.toRealPath());
        assertThat(out.subList(main + 1, out.size())).containsExactly("train", "-Dnot=mine", "--data-dir", "a folder");
    }

    @Test
    void addsTheVectorModuleWhereTheJdkHasItAndTheCommandComputes() throws Exception {
        assertThat(launch("train").out()).containsSequence("--add-modules", "jdk.incubator.vector");
        assertThat(launch("--version").out()).doesNotContain("--add-modules");
        release("17.0.1", "java.base");
        assertThat(launch("train").out()).doesNotContain("--add-modules");
    }

    @Test
    void objectsBeginWithACacheLineWhereTheJvmCanDoThat() throws Exception {
        String aligned = "-XX:ObjectAlignmentInBytes=64";
        assertThat(launch("train").out()).contains(aligned);
        assertThat(launch("--version").out()).doesNotContain(aligned);
        Files.writeString(
                java.resolve("release"),
                Files.readString(java.resolve("release")).replace("x86_64", "arm"));
        assertThat(launch("train").out()).contains("--add-modules").doesNotContain(aligned);
    }

    @Test
    void theHeapIsTheUsersWhereTheUserSetsIt() throws Exception {
        assertThat(launch("train").out()).contains("-Xms200m", "-Xmn48m");
        for (String own : List.of("-Xmx128m", "-Xms1g", "-XX:MaxRAMPercentage=50", "-XX:MaxHeapSize=128m")) {
            assertThat(launch(own, "train").out()).contains(own).doesNotContain("-Xms200m", "-Xmn48m");
        }
        assertThat(launch("-Xlog:gc", "train").out()).contains("-Xms200m");
    }

    @Test
    void someOptionsAreForSomeCommandsAndSomeVersions() throws Exception {
        String unsafe = "--sun-misc-unsafe-memory-access=allow";
        String warmUp = "-Dbpnn.cpu.warmUp=true";
        assertThat(launch("train").out()).contains(warmUp).doesNotContain(unsafe, "-XX:TieredStopAtLevel=1");
        assertThat(launch("eval").out()).contains("-XX:TypeProfileLevel=0").doesNotContain(warmUp);
        assertThat(launch("data").out())
                .contains("-XX:TieredStopAtLevel=1")
                .doesNotContain("--enable-native-access=ALL-UNNAMED");
        release("25.0.1", "java.base jdk.incubator.vector");
        assertThat(launch("train").out()).contains(unsafe);
    }

    @Test
    void aConditionThatItDoesNotKnowIsAnError() throws Exception {
        Files.writeString(project.resolve(OPTIONS), "sometimes -Xint\n");

        assertThat(launch("train").err()).contains("options for \"sometimes\"");
    }

    @Test
    void tellsTheFlagsOfTheJvmThatComputes() throws Exception {
        Result flags = launch("--jvm-flags");

        assertThat(flags.out()).contains("--add-modules", "-XX:+UseSerialGC").doesNotContain("bpnn.app.Main");
        assertThat(launch("train").out()).containsSequence(flags.out());
    }

    @Test
    void refusesAnOldJava() throws Exception {
        release("11.0.2", "java.base");

        Result result = launch("train");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("is Java 11.0.2, but 17 or newer is needed");
    }

    /** A Java that writes the archive it is asked for, when the rehearsal runs. */
    private void writeArchives() throws IOException {
        Files.writeString(java.resolve("bin/java"), """
                #!/bin/sh
                case "$*" in
                *Rehearsal | *-Xshare:dump*)
                  for word; do
                    case $word in
                    -XX:DumpLoadedClassList=*) echo classes > "${word#*=}" ;;
                    -XX:SharedClassListFile=*) [ -s "${word#*=}" ] || exit 1 ;;
                    -XX:SharedArchiveFile=* | -XX:AOTCacheOutput=*) echo archive > "${word#*=}" ;;
                    esac
                  done ;;
                *) printf '%s\\n' "$@" ;;
                esac
                """);
    }

    @Test
    void preparesAnArchiveOfClassesOnceForEachJava() throws Exception {
        writeArchives();
        Result first = launch("train");
        Result second = launch("train");
        release("25.0.1", "java.base jdk.incubator.vector");
        Result newer = launch("train");

        assertThat(first.err()).contains("Preparing a faster start");
        assertThat(first.out()).anyMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(newer.err()).contains("Preparing a faster start");
        assertThat(newer.out()).anyMatch(word -> word.startsWith("-XX:AOTCache="));
        assertThat(folder.resolve("project/bpnn-app/target"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".list"));
    }

    @Test
    void anArchiveThatCannotBeHadIsTriedOnceAndNotUsed() throws Exception {
        Result first = launch("train");
        Result second = launch("train");

        assertThat(first.exitCode()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
    }

    @Test
    void aNewBuildHasANewArchive() throws Exception {
        writeArchives();
        launch("train");
        Files.setLastModifiedTime(
                project.resolve("bpnn-app/src/main/java/Some.java"),
                FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(launch("train").err()).contains("Building bpnn", "Preparing a faster start");
    }

    @Test
    void worksThroughALinkAndFromAnotherFolder() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("b"), Path.of("../project/bpnn"));

        Result result = launch(link, elsewhere, "backends");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("-Dbpnn.home=" + project.toRealPath(), "backends");
    }
}
