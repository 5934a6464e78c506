package bpnn.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import java.nio.file.Path;

/** Small networks for tests, trained on synthetic digits; they read what is drawn neatly. */
final class TrainedModels {
    private TrainedModels() {}

    static Path train(Path folder, int epochs, String... options) {
        Object[] arguments = new Object[options.length + 9];
        Object[] common = {
            "train",
            "--quiet",
            "--backend=cpu",
            "--dataset=synthetic",
            "--limit=4500",
            "--validation=500",
            "--epochs=" + epochs,
            "--hidden=64,32",
            "--out=" + folder
        };
        System.arraycopy(common, 0, arguments, 0, common.length);
        System.arraycopy(options, 0, arguments, common.length, options.length);
        Cli cli = Cli.run(arguments);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return folder.resolve("model.safetensors");
    }
}
