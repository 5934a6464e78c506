package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningRateCommandTest {
    @TempDir
    Path folder;

    private Cli find(Object... options) {
        Object[] fixed = {
            "lr-find",
            "--backend=reference",
            "--dataset=" + TinyData.in(folder),
            "--hidden=8",
            "--batch-size=25",
            "--out=" + folder.resolve("rates.png")
        };
        Object[] all = new Object[fixed.length + options.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(options, 0, all, fixed.length, options.length);
        return Cli.run(all);
    }

    @Test
    void theSuggestionLiesBelowTheRateWithTheLeastLossAndThePictureIsDrawn() throws IOException {
        Cli cli = find("--json", "--sweep-steps=120");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        JsonNode json = cli.json();
        int best = 0;
        for (int i = 0; i < json.get("losses").size(); i++) {
            best = json.get("losses").get(i).doubleValue()
                            < json.get("losses").get(best).doubleValue()
                    ? i
                    : best;
        }
        assertThat(json.get("suggestion").doubleValue())
                .isEqualTo(json.get("learningRates").get(best).doubleValue() / 10)
                .isBetween(1e-4, 1.0);
        assertThat(json.get("learningRates").get(0).doubleValue()).isEqualTo(1e-6f);
        BufferedImage picture = ImageIO.read(folder.resolve("rates.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(900);
    }

    @Test
    void aTestThatEndsInInfinityStillSuggests() {
        Cli cli = find("--sweep-steps=200", "--to=1e30", "--optimizer=sgd", "--activation=relu", "--normalize=none");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out()).startsWith("A learning rate of about ");
    }

    @Test
    void aLossThatFallsToTheEndOfTheRangeSuggestsNothing() {
        assertThat(find("--to=1e-3", "--sweep-steps=60").out())
                .startsWith(
                        "No learning rate is suggested: the loss still fell at the end of the range; go on to a greater"
                                + " rate (--to).");
    }

    @Test
    void stepsAreFewerWhereImagesWouldRepeat() {
        JsonNode json = find("--json", "--to=1e-3").json();

        assertThat(json.get("learningRates").size())
                .as("five passes over 250 images in batches of 25")
                .isEqualTo(50);
        assertThat(json.get("steepest").doubleValue()).isBetween(1e-6, 1e-3);
        assertThat(json.get("valley").doubleValue()).isBetween(1e-6, 1e-3);
    }

    @Test
    void whatCannotBeIsRefused() {
        Cli cli = find("--from=1", "--to=0.1");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--from is 1.0, but must be less than --to, which is 0.1");
    }
}
