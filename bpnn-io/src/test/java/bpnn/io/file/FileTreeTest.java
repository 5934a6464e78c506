package bpnn.io.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    Path folder;

    @Test
    void aFolderGoesWithEverythingInIt() throws IOException {
        Path tree = tree("tree", 3);

        FileTree.remove(tree);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileGoesAndNothingIsNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");

        FileTree.remove(file);
        FileTree.remove(file);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatALinkLeadsToStays() throws IOException {
        Path elsewhere = tree("elsewhere", 1);
        Path tree = tree("tree", 1);
        Files.createSymbolicLink(tree.resolve("link"), elsewhere);

        FileTree.remove(tree);

        assertThat(folder).isDirectoryContaining("glob:**/elsewhere").isDirectoryNotContaining("glob:**/tree");
        assertThat(elsewhere.resolve("0/f")).hasContent("x");
    }

    /** As the driver of a cluster and its workers do at the end of a job that is given up. */
    @Test
    void othersMayRemoveAtTheSameTime() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path tree = tree("tree", 100);
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> remove(tree, start));

            remove(tree, start);
            other.get();

            assertThat(folder).isEmptyDirectory();
        }
    }

    private static void remove(Path tree, CyclicBarrier start) {
        try {
            start.await();
            FileTree.remove(tree);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aScratchFolderIsRemovedUnlessItIsKept() throws IOException {
        Path kept = tree("kept", 1);
        try (Scratch scratch = new Scratch(kept)) {
            scratch.keep();
        }
        try (Scratch scratch = new Scratch(tree("other", 1))) {
            assertThat(scratch.path().resolve("0")).isDirectory();
        }

        assertThat(kept.resolve("0/f")).hasContent("x");
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatWentWrongFirstIsNotHidden() {
        // Longer than file systems allow, so that it can be neither visited nor removed.
        Path path = folder.resolve("f".repeat(300));

        assertThatThrownBy(() -> {
                    try (Scratch scratch = new Scratch(path)) {
                        throw new IllegalStateException("no use for " + scratch.path());
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no use for " + path)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    private Path tree(String name, int folders) throws IOException {
        Path tree = folder.resolve(name);
        for (int i = 0; i < folders; i++) {
            Path part = Files.createDirectories(tree.resolve(String.valueOf(i)));
            Files.writeString(part.resolve("f"), "x");
        }
        return tree;
    }
}
