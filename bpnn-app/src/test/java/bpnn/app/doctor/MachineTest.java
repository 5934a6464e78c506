package bpnn.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    Path folder;

    @Test
    void aTempFolderIsTriedOut() {
        DoctorResult finding = DoctorResult.of("temp", (facts, problems) -> Machine.temp(folder, facts, problems));

        assertThat(finding.facts()).containsEntry("executable", "yes");
        assertThat(finding.problems()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTempFolderThatIsMissingIsAProblemWithARemedy() {
        Path missing = folder.resolve("missing");
        DoctorResult finding = DoctorResult.of("temp", (facts, problems) -> Machine.temp(missing, facts, problems));

        assertThat(finding.problems()).hasSize(1);
        assertThat(finding.problems().get(0)).contains("No file can be created in " + missing, "-Djava.io.tmpdir=DIR");
    }

    @Test
    void whatAnExaminationThrowsIsAFinding() {
        DoctorResult finding = DoctorResult.of("odd", (facts, problems) -> {
            throw new UnsatisfiedLinkError("libodd.so is missing");
        });

        assertThat(finding.problems()).containsExactly("libodd.so is missing");
    }
}
